namespace PsContainers.Engine.Locks;

/// <summary>Removes the lock files of things that are gone: who removed them was killed before he could.</summary>
internal static class LockSweep
{
    /// <param name="suffix">What the files are called behind the thing's id: <c>.network</c>.</param>
    /// <param name="ids">Of the things that there are; asked when there is a file at all.</param>
    public static void Discard(string directory, string suffix, Func<IReadOnlySet<string>> ids)
    {
        var known = new Lazy<IReadOnlySet<string>>(ids);
        foreach (var path in Directory.EnumerateFiles(directory, $"*{suffix}"))
        {
            var id = Path.GetFileName(path)[..^suffix.Length];
            if (known.Value.Contains(id))
            {
                continue;
            }

            // Somebody may have made it since.
            using var held = FileLocks.TryAcquire(path, isShared: false);
            if (held is not null && !ids().Contains(id))
            {
                File.Delete(path);
            }
        }
    }
}

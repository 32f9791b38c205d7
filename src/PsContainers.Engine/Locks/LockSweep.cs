namespace PsContainers.Engine.Locks;

/// <summary>Removes the lock files of things that are gone: who removed them was killed before he could.</summary>
internal static class LockSweep
{
    /// <param name="suffix">What the files are called behind the thing's id: <c>.network</c>.</param>
    /// <param name="isThere">Whether there is a thing of an id.</param>
    public static void Discard(string directory, string suffix, Func<string, bool> isThere)
    {
        foreach (var path in Directory.EnumerateFiles(directory, $"*{suffix}"))
        {
            var id = Path.GetFileName(path)[..^suffix.Length];
            if (isThere(id))
            {
                continue;
            }

            using var held = FileLocks.TryAcquire(path, isShared: false);
            if (held is not null && !isThere(id))
            {
                File.Delete(path);
            }
        }
    }
}

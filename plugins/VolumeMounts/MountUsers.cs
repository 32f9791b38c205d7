namespace PsContainers.VolumeMounts;

/// <summary>
/// Who has a volume mounted: a file each, in a folder beside the mount point. What it says is during which run of the kernel that was: the
/// next one has nothing mounted.
/// </summary>
/// <remarks>Read and changed under the volume's lock only.</remarks>
internal sealed class MountUsers(string folder)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    internal bool Has(string userId) => All().Contains(userId);

    internal bool IsEmpty => All().Count == 0;

    internal void Add(string userId)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, userId), Boot());
    }

    internal void Remove(string userId)
    {
        if (Directory.Exists(folder))
        {
            File.Delete(Path.Combine(folder, userId));
        }
    }

    /// <summary>Removes the folder, with what is not worth anything in it.</summary>
    internal void Forget()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A file without all of its content is of a session that was killed before it had the volume.
    private List<string> All()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var boot = Boot();
        return [.. Directory.EnumerateFiles(folder).Where(file => File.ReadAllText(file) == boot).Select(file => Path.GetFileName(file))];
    }

    private static string Boot() => File.ReadAllText(BootFile).Trim();
}

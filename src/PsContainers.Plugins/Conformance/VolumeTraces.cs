using PsContainers.Linux;

namespace PsContainers.Plugins.Conformance;

/// <summary>The mounts of this host, and what is in a driver's folders, at one moment.</summary>
internal sealed class VolumeTraces
{
    // A mount that is still busy goes a little later.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly IReadOnlyList<string> _folders;
    private readonly HashSet<string> _lines;

    /// <param name="folders">None, to look at the mounts alone.</param>
    public VolumeTraces(params IReadOnlyList<string> folders)
    {
        _folders = folders;
        _lines = [.. Read(folders)];
    }

    /// <summary>What was not there at that moment; waits a little for it to go.</summary>
    public IReadOnlyList<string> Additions()
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(20))
        {
            var additions = Read(_folders).Where(line => !_lines.Contains(line)).ToList();
            if (additions.Count == 0 || waited >= _patience)
            {
                return additions;
            }

            Thread.Sleep(20);
        }
    }

    private static IEnumerable<string> Read(IReadOnlyList<string> folders) =>
    [
        .. MountInfo.OfSelf().Select(mount => $"mount {mount.MountPoint}"),
        .. folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
            .Select(path => $"file {path}"),
    ];
}

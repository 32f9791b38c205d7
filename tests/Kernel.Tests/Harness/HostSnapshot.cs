using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>All that a container could leave on a host: mounts, control groups, links, processes, files and descriptors.</summary>
public sealed class HostSnapshot
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly HashSet<string> _things;

    private HostSnapshot(IEnumerable<string> things) => _things = [.. things];

    public static HostSnapshot Take(TestHost host) => new(
    [
        .. Mounts(), .. ControlGroups(), .. Links(), .. Processes(),
        .. Files(host.Paths.Run), .. Files(host.Paths.Containers), .. Files(host.Paths.Ingest),
        .. Descriptors(host),
    ]);

    /// <summary>Fails with a list of what is there now and was not before. The kernel may take a moment to bury a process.</summary>
    public void AssertNothingNew(TestHost host)
    {
        var end = DateTime.UtcNow + _patience;
        List<string> left;
        do
        {
            left = [.. Take(host)._things.Except(_things)];
        }
        while (left.Count > 0 && DateTime.UtcNow < end && Pause());

        Assert.True(left.Count == 0, "left on the host:\n" + string.Join('\n', left));
    }

    private static bool Pause()
    {
        Thread.Sleep(20);
        return true;
    }

    private static IEnumerable<string> Mounts() => MountInfo.OfSelf().Select(mount => $"mount {mount.FileSystem} on {mount.MountPoint}");

    private static IEnumerable<string> ControlGroups()
    {
        var groups = GroupsIn("cgroup2").Concat(GroupsIn("cgroup")).ToList();
        var foreign = groups.Where(HoldsForeigners).Select(Path.GetFileName).ToHashSet();
        return groups.Where(group => !foreign.Contains(Path.GetFileName(group))).Select(group => $"control group {group}");
    }

    private static IEnumerable<string> GroupsIn(string fileSystem) => MountInfo.OfSelf()
        .Where(mount => mount.FileSystem == fileSystem)
        .SelectMany(mount => new[] { "pscontainers", "psc-runtime" }.Select(parent => Path.Join(mount.MountPoint, parent)))
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateDirectories);

    // Version 2 shows a process of another pid namespace, so somebody else's container, as number 0; version 1 leaves it out.
    private static bool HoldsForeigners(string group)
    {
        try
        {
            return File.ReadLines(Path.Join(group, "cgroup.procs")).Contains("0");
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Links() =>
        Directory.EnumerateFileSystemEntries("/sys/class/net").Select(link => $"link {Path.GetFileName(link)}");

    private static IEnumerable<string> Processes()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            if (Read($"{directory}/comm") is { } name && Read($"{directory}/cgroup") is { } groups && Read($"{directory}/stat") is { } stat
                && (name == "psc-runtime" || groups.Contains("/pscontainers/", StringComparison.Ordinal))
                && stat[stat.LastIndexOf(')') + 2] != 'Z')
            {
                yield return $"process {directory[6..]} {name}";
            }
        }
    }

    // What plugins keep for the next container is no remains of one.
    private static IEnumerable<string> Files(string directory) => Directory.Exists(directory)
        ? Directory
            .EnumerateFileSystemEntries(
                directory, "*", new EnumerationOptions { MaxRecursionDepth = 1, RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(path => !path.StartsWith(Path.Join(directory, "plugins"), StringComparison.Ordinal))
            .Select(path => $"file {path}")
        : [];

    // Of this process, which has the engine in it; the store's own files stay open.
    private static IEnumerable<string> Descriptors(TestHost host)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            var target = new FileInfo(path).LinkTarget;
            var isOurs = target is not null && (target.StartsWith(host.Paths.Run, StringComparison.Ordinal)
                || target.StartsWith(host.Paths.Containers, StringComparison.Ordinal)
                || target.Contains("pidfd", StringComparison.Ordinal) || target.Contains("memfd", StringComparison.Ordinal));
            if (isOurs)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"descriptor {Path.GetFileName(path)} of {target}");
            }
        }
    }

    // A process that has gone since its folder was listed is not there any more.
    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n');
        }
        catch (IOException)
        {
            return null;
        }
    }
}

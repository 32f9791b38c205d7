using System.Diagnostics;
using PsContainers.Linux;

namespace PsContainers.Benchmarks;

/// <summary>A mount namespace of the benchmark's own, in which every contender finds the same control group hierarchies.</summary>
/// <remarks>
/// crun and runc put a container into every version 1 hierarchy that is mounted, ours into those that limit something. With the others
/// unmounted here, all of them do the same work. The host's own mounts stay as they are.
/// </remarks>
internal static class OwnMounts
{
    private const string Marker = "PSC_BENCH_OWN_MOUNTS";
    private const string Hugetlb = "/sys/fs/cgroup/hugetlb";
    private static readonly string[] _joinedByPeersOnly =
        ["freezer", "blkio", "systemd", "net_cls", "net_prio", "perf_event", "rdma", "misc"];

    /// <summary>Runs this program again in a mount namespace of its own; null when it is in one already.</summary>
    /// <param name="withOwnNetwork">In a network namespace of its own, too.</param>
    public static int? RunInside(string[] arguments, bool withOwnNetwork)
    {
        if (Environment.GetEnvironmentVariable(Marker) is not null)
        {
            return null;
        }

        var start = new ProcessStartInfo(
            "/usr/bin/unshare",
            ["--mount", withOwnNetwork ? "--net" : "--mount", "--propagation", "private", Environment.ProcessPath!, .. arguments])
        {
            WorkingDirectory = Environment.CurrentDirectory,
        };
        start.Environment[Marker] = "1";
        using var inside = Process.Start(start)!;
        inside.WaitForExit();
        if (Directory.Exists(Hugetlb))
        {
            // Its mount went with the namespace; of version 1 hierarchies an empty folder may be left.
            TryRemove(Hugetlb);
        }

        return inside.ExitCode;
    }

    /// <summary>
    /// Unmounts what only the peers join, and mounts hugetlb, without which crun 1.8 refuses a machine with hybrid control groups.
    /// </summary>
    public static void Prepare()
    {
        if (!Directory.Exists("/sys/fs/cgroup/unified"))
        {
            return;
        }

        foreach (var hierarchy in _joinedByPeersOnly.Select(name => $"/sys/fs/cgroup/{name}").Where(Directory.Exists))
        {
            Native.Ask("/bin/umount", hierarchy);
        }

        // Its folder alone may be what a killed run left.
        if (MountInfo.OfSelf().All(mount => mount.MountPoint != Hugetlb))
        {
            Directory.CreateDirectory(Hugetlb);
            Native.Ask("/bin/mount", "-t", "cgroup", "-o", "hugetlb", "cgroup", Hugetlb);
        }
    }

    // A host that had a folder of this name, mounted or not, keeps it.
    private static void TryRemove(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Mounted by somebody else.
        }
    }
}

using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>The running container that a command is executed in.</summary>
/// <param name="Pid">Its first process, as the host numbers it.</param>
/// <param name="StartTime">When that process started, in clock ticks after boot; with the pid it names the process for good.</param>
/// <param name="Namespaces">Those in which it differs from this process.</param>
/// <param name="CgroupFiles">The `tasks` files of its version 1 groups.</param>
/// <param name="UnifiedCgroup">Its version 2 group, or null.</param>
public sealed record ExecTarget(
    int Pid, long StartTime, CloneFlags Namespaces, IReadOnlyList<string> CgroupFiles, string? UnifiedCgroup)
{
    private static readonly (string Name, CloneFlags Flag)[] _names =
    [
        ("cgroup", CloneFlags.Cgroup), ("ipc", CloneFlags.Ipc), ("mnt", CloneFlags.Mount), ("net", CloneFlags.Network),
        ("pid", CloneFlags.Pid), ("time", CloneFlags.Time), ("user", CloneFlags.User), ("uts", CloneFlags.Uts),
    ];

    /// <summary>A container's first process, with the groups that the container has by its plan.</summary>
    /// <exception cref="IOException">The process has ended.</exception>
    public static ExecTarget Of(int pid, long startTime, CgroupPlan cgroups) => new(
        pid,
        startTime,
        DifferentNamespaces(pid),
        [.. CgroupSteps.Container(cgroups).Select(join => join.File)],
        cgroups.Unified?.Path);

    /// <summary>The namespaces of a process that this one is not in.</summary>
    /// <exception cref="IOException">The process has ended.</exception>
    public static CloneFlags DifferentNamespaces(int pid) => _names
        .Where(n => Link($"/proc/{pid}/ns/{n.Name}") != Link($"/proc/self/ns/{n.Name}"))
        .Aggregate(CloneFlags.None, (flags, n) => flags | n.Flag);

    // A kernel without one kind of namespace has no such link for anybody.
    private static string? Link(string path) => new FileInfo(path).LinkTarget;
}

namespace PsContainers.Runtime.Cgroups;

/// <summary>A control group's directory and what is written into it, in this order, once it exists.</summary>
/// <param name="Controllers">The controllers at work in the directory; none in a hybrid machine's version 2 hierarchy.</param>
/// <remarks>Version 1: the process joins by writing 0 to <c>tasks</c>. Version 2: by CLONE_INTO_CGROUP or <c>cgroup.procs</c>.</remarks>
public sealed record CgroupDirectory(
    string Path,
    bool Unified,
    CgroupRole Role,
    IReadOnlyList<string> Controllers,
    IReadOnlyList<CgroupWrite> Writes);

/// <summary>What a directory is to the container.</summary>
public enum CgroupRole
{
    /// <summary>The hierarchy's mount point: exists, and is only written to.</summary>
    Root,

    /// <summary>Above the container's: made when it is missing, stays when the container is gone.</summary>
    Parent,

    /// <summary>The container's own: made for it, joined by it, removed with it.</summary>
    Container,
}

/// <summary>One write of a value into a file of a control group, as a single write(2).</summary>
/// <param name="Optional">A file that the kernel does not have is passed over.</param>
/// <param name="OnlyWhenCreated">Left alone when the directory was there before.</param>
public sealed record CgroupWrite(string File, string Value, bool Optional = false, bool OnlyWhenCreated = false);

using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Container;

/// <summary>What the steps of a container's first process hand on to each other.</summary>
internal unsafe struct ContainerContext
{
    internal const int MaximumGroups = 256;
    internal const int MaximumPath = 4096;
    internal const int DescriptorPathBytes = 64;

    internal Plan Plan;

    /// <summary>O_PATH descriptor of the new root; every target is resolved below it.</summary>
    internal int Root;

    /// <summary>How many bytes of a path in the host's tree lead to the root; what follows is the path inside.</summary>
    internal int RootLength;

    /// <summary>To the launcher, later to `start`; execve closes it, and a failure is told through it.</summary>
    internal int Channel;

    /// <summary>Listens for `start`; −1 where nobody is waited for.</summary>
    internal int StartListener;

    /// <summary>pidfd of the running container that is joined; −1 for a new container.</summary>
    internal int Target;

    /// <summary>Where a terminal's master is sent.</summary>
    internal int Console;

    /// <summary>The terminal's slave; −1 without a terminal.</summary>
    internal int Terminal;

    /// <summary>What failed, where a step knows more than an error number.</summary>
    internal Failure Failure;

    /// <summary>Where inside the current step things went wrong.</summary>
    internal FailurePoint Point;

    /// <summary>The one empty read-only tmpfs that hides every masked directory; −1 until the first.</summary>
    internal int MaskDirectory;

    /// <summary>O_PATH descriptor of the host's /proc/self/attr, opened before the pivot for a label set after it.</summary>
    internal int ExecAttributes;

    internal uint User;
    internal uint Group;
    internal int GroupCount;
    internal fixed uint Groups[MaximumGroups];

    /// <summary>`HOME=…` of the user that was found, in memory of its own; null keeps what the environment has.</summary>
    internal byte* Home;

    /// <summary>The file that FindCommand found, in memory of its own.</summary>
    internal byte* Command;
    internal byte** Arguments;
    internal byte** Environment;
    internal uint EnvironmentCount;

    /// <summary>Remembers where it failed and passes the result through.</summary>
    internal int At(FailurePoint point, int result)
    {
        if (result < 0)
        {
            Point = point;
        }

        return result;
    }

    /// <summary>Where a descriptor lies, seen from this process's root, in a buffer of <see cref="MaximumPath"/> bytes.</summary>
    internal static int PathOf(int fd, byte* path)
    {
        var buffer = stackalloc byte[DescriptorPathBytes];
        var name = new Text(buffer, DescriptorPathBytes);
        DescriptorPath(fd, ref name);
        var length = (int)Kernel.Call(
            Linux.Interop.SyscallNumber.ReadLinkAt, Kernel.AtFdCwd, (nint)name.Pointer, (nint)path, MaximumPath - 1);
        if (length == MaximumPath - 1)
        {
            return -(int)Linux.Errno.ENAMETOOLONG;
        }

        path[length < 0 ? 0 : length] = 0;
        return length;
    }

    /// <summary>`/proc/self/fd/N`, the name by which mount(2) takes an O_PATH descriptor.</summary>
    internal static void DescriptorPath(int fd, ref Text text)
    {
        text.Add("/proc/self/fd/"u8);
        text.Add(fd);
    }
}

using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Container;

/// <summary>What the steps of a container's first process hand on to each other.</summary>
internal unsafe struct ContainerContext
{
    internal const int MaximumGroups = 256;

    internal Plan Plan;

    /// <summary>O_PATH descriptor of the new root; every target is resolved below it.</summary>
    internal int Root;

    /// <summary>Closed by execve; what is written to it is the failure.</summary>
    internal int FailurePipe;

    /// <summary>Where inside the current step things went wrong.</summary>
    internal FailurePoint Point;

    /// <summary>The one empty read-only tmpfs that hides every masked directory; −1 until the first.</summary>
    internal int MaskDirectory;

    internal uint User;
    internal uint Group;
    internal int GroupCount;
    internal fixed uint Groups[MaximumGroups];

    /// <summary>`HOME=…` of the user that was found, in memory of its own; null keeps what the environment has.</summary>
    internal byte* Home;
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

    /// <summary>`/proc/self/fd/N`, the name by which mount(2) takes an O_PATH descriptor.</summary>
    internal static void DescriptorPath(int fd, ref Text text)
    {
        text.Add("/proc/self/fd/"u8);
        text.Add(fd);
    }
}

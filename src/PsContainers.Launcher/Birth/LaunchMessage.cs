using System.Runtime.InteropServices;

namespace PsContainers.Launcher.Birth;

/// <summary>One packet between a process that is becoming a container's and its launcher. docs/launcher.md draws the order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchMessage
{
    internal LaunchMessageKind Kind;

    /// <summary>Born: the process id on the host. Ask: the offset in the plan of the step whose steps are to be done.</summary>
    internal int Value;

    /// <summary>Failed: what failed.</summary>
    internal Failure Failure;
}

/// <summary>What can be said; a channel that closes without a word means that execve(2) closed it: the command runs.</summary>
internal enum LaunchMessageKind
{
    None,

    /// <summary>To the launcher: a step failed, this process ends.</summary>
    Failed,

    /// <summary>To the launcher: the process between made the first process, and ends.</summary>
    Born,

    /// <summary>To the launcher: do these steps for me, then say Go.</summary>
    Ask,

    /// <summary>
    /// To the launcher: next I load a system call filter whose listener will be my descriptor Value; take it to its agent, then say Go.
    /// </summary>
    Filter,

    /// <summary>To the launcher: ready; note it down, then say Go.</summary>
    Ready,

    /// <summary>To the process: done, go on.</summary>
    Go,

    /// <summary>To the launcher, or to `start`: heard; from here on I do without you.</summary>
    Released,
}

using System.Runtime.InteropServices;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher;

/// <summary>Why a launch failed, small enough for one write from the container's process to its supervisor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Failure
{
    internal int Errno;
    internal StepKind Kind;

    /// <summary>Offset in the plan of the failed step's words; 0 for what is no step.</summary>
    internal uint Description;

    /// <summary>What inside the step failed.</summary>
    internal FailurePoint Point;

    /// <summary>The exit code of a program that was run, where that is the failure.</summary>
    internal int Code;

    /// <summary>Notes a failure that belongs to no step, and passes the result through.</summary>
    internal static int At(ref Failure failure, FailurePoint point, int result)
    {
        failure = new Failure { Errno = -result, Point = point };
        return result;
    }

    /// <summary>The same about a path of the plan, which the message then starts with.</summary>
    internal static int At(ref Failure failure, FailurePoint point, uint path, int result)
    {
        failure = new Failure { Errno = -result, Description = path, Point = point };
        return result;
    }

    internal static int At(ref Failure failure, PlanStep* step, FailurePoint point, int result)
    {
        failure = new Failure { Errno = -result, Kind = step->Kind, Description = step->Description, Point = point };
        return result;
    }

    /// <summary>`mount(proc on /proc): opening the target: Too many levels of symbolic links (ELOOP)`.</summary>
    internal readonly void Describe(Plan plan, ref Text text)
    {
        if (Description != 0)
        {
            text.Add(plan.At(Description));
            text.Add(": "u8);
        }

        text.Add(Words(Point));
        if (Point == FailurePoint.HookExit && Errno == 0)
        {
            text.Add(Code);
            return;
        }

        var start = text.Length;
        AddErrno(Errno, ref text);
        if (Kind is StepKind.FindCommand or StepKind.Execute && text.Length > start)
        {
            // Docker's client tells 127 and 126 by the words of Go's errors, which are these in small letters.
            text.Pointer[start] |= 0x20;
        }
    }

    /// <summary>`Operation not permitted (EPERM)`.</summary>
    internal static void AddErrno(int errno, ref Text text)
    {
        var description = Kernel.Describe(errno);
        if (description != null)
        {
            text.Add(description);
            text.Add(" ("u8);
            text.Add(Kernel.NameOf(errno));
            text.Add(")"u8);
        }
        else
        {
            text.Add("error "u8);
            text.Add(errno);
        }
    }

    private static ReadOnlySpan<byte> Words(FailurePoint point) => point switch
    {
        FailurePoint.OpenTarget => "opening the target: "u8,
        FailurePoint.MakeTarget => "making the target: "u8,
        FailurePoint.OpenSource => "opening the source: "u8,
        FailurePoint.OpenPart => "opening the subpath: "u8,
        FailurePoint.VerifySource => "the source is not what it should be: "u8,
        FailurePoint.VerifyTarget => "the target is not where it should be: "u8,
        FailurePoint.TargetIsRoot => "the target is the root itself: "u8,
        FailurePoint.TargetInProc => "only a proc file system may be mounted on /proc, and few of its files be covered: "u8,
        FailurePoint.SetAttributes => "setting its attributes: "u8,
        FailurePoint.SetPropagation => "setting its propagation: "u8,
        FailurePoint.UserNamespace => "making a user namespace for its map of ids: "u8,
        FailurePoint.MapIds => "mapping its ids, which the file system and the kernel must support: "u8,
        FailurePoint.CopyUp => "copying what was there: "u8,
        FailurePoint.OtherKind => "one of them is a directory, and the other is not: "u8,
        FailurePoint.OtherNode => "something else is there already: "u8,
        FailurePoint.Clone => "clone: "u8,
        FailurePoint.Pipe => "making the pipes: "u8,
        FailurePoint.OpenLog => "opening the log file: "u8,
        FailurePoint.ControlSocket => "making the control socket: "u8,
        FailurePoint.RunDirectory => "entering the run directory: "u8,
        FailurePoint.StateFile => "writing the state file: "u8,
        FailurePoint.UnifiedCgroup => "opening the cgroup: "u8,
        FailurePoint.SupervisorDied => "the supervisor died: "u8,
        FailurePoint.NoSuchUser => "no such user in /etc/passwd: "u8,
        FailurePoint.NoSuchGroup => "no such group in /etc/group: "u8,
        FailurePoint.NeedsResourceCapability => "it takes CAP_SYS_RESOURCE: "u8,
        FailurePoint.Standard => "standard streams: "u8,
        FailurePoint.ReadPasswd => "reading /etc/passwd: "u8,
        FailurePoint.ReadGroup => "reading /etc/group: "u8,
        FailurePoint.Preserved => "--preserve-fds: not as many descriptors are open: "u8,
        FailurePoint.Session => "starting the container's process: "u8,
        FailurePoint.Signals => "resetting the signals: "u8,
        FailurePoint.Channel => "talking to the container's process: "u8,
        FailurePoint.ProcessDied => "the container's process died while it was made: "u8,
        FailurePoint.Target => "the container is not running: "u8,
        FailurePoint.UserMap => "writing the user map: "u8,
        FailurePoint.GroupMap => "writing the group map: "u8,
        FailurePoint.HookState => "writing the state: "u8,
        FailurePoint.HookTimeout => "it did not end in time: "u8,
        FailurePoint.HookExit => "it ended with exit code "u8,
        FailurePoint.PidFile => "writing the pid file: "u8,
        FailurePoint.Console => "connecting to the console socket: "u8,
        FailurePoint.SendConsole => "sending the terminal to the console socket: "u8,
        FailurePoint.SeccompListener => "taking the listener of the system call filter: "u8,
        FailurePoint.SeccompAgent => "sending the listener to linux.seccomp.listenerPath: "u8,
        FailurePoint.StartSocket => "making the start socket: "u8,
        _ => ""u8,
    };
}

/// <summary>The part of a step, or of the launch around the steps, that failed.</summary>
internal enum FailurePoint
{
    None,
    OpenTarget,
    MakeTarget,
    OpenSource,
    OpenPart,
    VerifySource,
    VerifyTarget,
    TargetIsRoot,
    TargetInProc,
    SetAttributes,
    SetPropagation,
    UserNamespace,
    MapIds,
    CopyUp,
    OtherKind,
    OtherNode,
    Clone,
    Pipe,
    OpenLog,
    ControlSocket,
    RunDirectory,
    StateFile,
    UnifiedCgroup,
    SupervisorDied,
    NoSuchUser,
    NoSuchGroup,
    Standard,
    Channel,
    ProcessDied,
    Target,
    UserMap,
    GroupMap,
    HookState,
    HookTimeout,
    HookExit,
    PidFile,
    Console,
    SendConsole,
    StartSocket,
    SeccompListener,
    SeccompAgent,
    NeedsResourceCapability,
    Preserved,
    ReadPasswd,
    ReadGroup,
    Session,
    Signals,

    /// <summary>A program that was run has said it already, to the same log.</summary>
    Told,
}

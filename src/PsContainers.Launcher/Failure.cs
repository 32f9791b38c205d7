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

    /// <summary>`mount(proc on /proc): opening the target: Too many levels of symbolic links (ELOOP)`.</summary>
    internal readonly void Describe(Plan plan, ref Text text)
    {
        if (Description != 0)
        {
            text.Add(plan.At(Description));
            text.Add(": "u8);
        }

        text.Add(Words(Point));
        var description = Kernel.Describe(Errno);
        if (description != null)
        {
            text.Add(description);
            text.Add(" ("u8);
            text.Add(Kernel.NameOf(Errno));
            text.Add(")"u8);
        }
        else
        {
            text.Add("error "u8);
            text.Add(Errno);
        }
    }

    private static ReadOnlySpan<byte> Words(FailurePoint point) => point switch
    {
        FailurePoint.OpenTarget => "opening the target: "u8,
        FailurePoint.MakeTarget => "making the target: "u8,
        FailurePoint.OpenSource => "opening the source: "u8,
        FailurePoint.VerifySource => "the source is not what it should be: "u8,
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
        FailurePoint.Standard => "standard streams: "u8,
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
    VerifySource,
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
}

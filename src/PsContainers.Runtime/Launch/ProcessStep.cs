using System.Globalization;
using System.Runtime.InteropServices;

namespace PsContainers.Runtime.Launch;

/// <summary>Enters a cgroup v1 through its `tasks` file.</summary>
public sealed record JoinCgroup(string File) : LaunchStep
{
    internal override StepKind Kind => StepKind.JoinCgroup;

    internal override string Description => $"write(0 to {File})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(File);
}

/// <summary>Brings up the loopback link of a new network namespace.</summary>
public sealed record LoopbackUp : LaunchStep
{
    internal override StepKind Kind => StepKind.LoopbackUp;

    internal override string Description => "ioctl(SIOCSIFFLAGS on lo)";
}

/// <summary>sethostname(2)</summary>
public sealed record SetHostname(string Name) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetHostname;

    internal override string Description => $"sethostname({Name})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Name);
}

/// <summary>setrlimit(2)</summary>
public sealed record SetLimit(string Name, uint Resource, ulong Soft, ulong Hard) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetLimit;

    internal override string Description => $"setrlimit({Name}, {Words(Soft)} of {Words(Hard)})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = Resource;
        step.Value = Soft;
        step.Value2 = Hard;
    }

    private static string Words(ulong limit) =>
        limit == ulong.MaxValue ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Looks the user up in the container's own passwd and group files.</summary>
/// <param name="IsMemberOfFirstGroup">
/// Whether the first group is among the supplementary ones too, as after a login (CVE-2022-36109).
/// </param>
public sealed record FindUser(string User, IReadOnlyList<uint> AdditionalGroups, bool IsMemberOfFirstGroup) : LaunchStep
{
    internal override StepKind Kind => StepKind.FindUser;

    internal override string Description => $"user '{User}'";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(User);
        step.B = writer.Blob(MemoryMarshal.AsBytes(AdditionalGroups.ToArray().AsSpan()));
        step.Value = (ulong)AdditionalGroups.Count;
        step.Flags = IsMemberOfFirstGroup ? 1u : 0;
    }
}

/// <summary>Goes to the working directory, made when missing.</summary>
public sealed record WorkingDirectory(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.WorkingDirectory;

    internal override string Description => $"working directory {Path}";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Path);
}

/// <summary>
/// Closes what the steps before had open: the kernel looks up a command or its interpreter such as `/proc/self/fd/7/../../bin/sh` before
/// execve closes anything, and one open folder of the host leads to all of it (CVE-2024-21626).
/// </summary>
public sealed record CloseDescriptors : LaunchStep
{
    internal override StepKind Kind => StepKind.CloseDescriptors;

    internal override string Description => "close_range";
}

/// <summary>umask(2)</summary>
public sealed record SetUmask(uint Mask) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetUmask;

    internal override string Description => $"umask({Mask})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = Mask;
}

/// <summary>Drops all capabilities but these from the bounding set.</summary>
public sealed record DropBoundingCapabilities(ulong Keep, int Last) : LaunchStep
{
    internal override StepKind Kind => StepKind.DropBoundingCapabilities;

    internal override string Description => "prctl(PR_CAPBSET_DROP)";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.Value = Keep;
        step.Value2 = (ulong)Last;
    }
}

/// <summary>Becomes the user that was found.</summary>
public sealed record ChangeUser : LaunchStep
{
    internal override StepKind Kind => StepKind.ChangeUser;

    internal override string Description => "setuid, setgid, setgroups";
}

/// <summary>capset(2)</summary>
public sealed record SetCapabilities(ulong Permitted, ulong Effective, ulong Inheritable) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetCapabilities;

    internal override string Description => "capset";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.Value = Permitted;
        step.Value2 = Effective;
        step.A = (uint)Inheritable;
        step.B = (uint)(Inheritable >> 32);
    }
}

/// <summary>Raises ambient capabilities.</summary>
public sealed record RaiseAmbientCapabilities(ulong Capabilities) : LaunchStep
{
    internal override StepKind Kind => StepKind.RaiseAmbientCapabilities;

    internal override string Description => "prctl(PR_CAP_AMBIENT_RAISE)";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = Capabilities;
}

/// <summary>Makes execve(2) give no more privileges than there are.</summary>
public sealed record NoNewPrivileges : LaunchStep
{
    internal override StepKind Kind => StepKind.NoNewPrivileges;

    internal override string Description => "prctl(PR_SET_NO_NEW_PRIVS)";
}

/// <summary>Loads the system call filter.</summary>
public sealed record LoadSeccomp(ReadOnlyMemory<byte> Program, uint Flags) : LaunchStep
{
    /// <summary>Bytes of struct sock_filter.</summary>
    internal const int InstructionSize = 8;

    internal override StepKind Kind => StepKind.LoadSeccomp;

    internal override string Description => "seccomp(SECCOMP_SET_MODE_FILTER)";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Blob(Program.Span);
        step.Value = (ulong)Program.Length / InstructionSize;
        step.Flags = Flags;
    }
}

/// <summary>Looks for the command, so that one that is not there is an error before the container counts as created.</summary>
public sealed record FindCommand(string Command) : LaunchStep
{
    internal override StepKind Kind => StepKind.FindCommand;

    internal override string Description => $"exec({Command})";
}

/// <summary>Becomes the command.</summary>
public sealed record Execute(string Command) : LaunchStep
{
    internal override StepKind Kind => StepKind.Execute;

    internal override string Description => $"exec({Command})";
}

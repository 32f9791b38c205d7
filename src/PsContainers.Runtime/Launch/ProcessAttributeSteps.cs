using System.Runtime.InteropServices;

namespace PsContainers.Runtime.Launch;

/// <summary>setdomainname(2)</summary>
public sealed record SetDomainname(string Name) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetDomainname;

    internal override string Description => $"setdomainname({Name})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Name);
}

/// <summary>Writes a value into a file of the host's procfs, which answers with what belongs to the writer. proc(5)</summary>
/// <param name="Setting">The member of the specification that asks for it.</param>
/// <param name="Path">Below /proc, such as <c>self/oom_score_adj</c>.</param>
public sealed record WriteProcFile(string Setting, string Path, string Value) : LaunchStep
{
    internal override StepKind Kind => StepKind.WriteProcFile;

    internal override string Description => $"{Setting}: write('{Value}' to /proc/{Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Path);
        step.B = writer.Text(Value);
    }
}

/// <summary>Keeps the host's view of this process's security attributes at hand for after the pivot.</summary>
public sealed record OpenExecAttributes : LaunchStep
{
    internal override StepKind Kind => StepKind.OpenExecAttributes;

    internal override string Description => "open(/proc/self/attr)";
}

/// <summary>Has execve(2) change to a security module's profile or label.</summary>
/// <param name="Setting">The member of the specification that asks for it.</param>
public sealed record SetExecLabel(string Setting, string Label, bool IsAppArmor) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetExecLabel;

    internal override string Description => $"{Setting}: write('{Text}' to /proc/self/attr/exec)";

    private string Text => IsAppArmor ? $"exec {Label}" : Label;

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Text);
        step.Flags = IsAppArmor ? 1u : 0;
    }
}

/// <summary>sched_setattr(2)</summary>
/// <param name="Nice">−20 to 19.</param>
/// <param name="Priority">1 to 99 for the real-time policies, else 0.</param>
/// <param name="Runtime">In nanoseconds, like the two that follow; for SCHED_DEADLINE alone.</param>
public sealed record SetScheduler(
    string Policy, uint Number, ulong Flags, int Nice, uint Priority, ulong Runtime, ulong Deadline, ulong Period) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetScheduler;

    internal override string Description => $"process.scheduler: sched_setattr({Policy})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        // struct sched_attr without the two clamps of version 1: the specification has no values for them.
        var attributes = new SchedulerAttributes
        {
            Size = (uint)Marshal.SizeOf<SchedulerAttributes>(),
            Policy = Number,
            Flags = Flags,
            Nice = Nice,
            Priority = Priority,
            Runtime = Runtime,
            Deadline = Deadline,
            Period = Period,
        };
        step.A = writer.Blob(MemoryMarshal.AsBytes(new ReadOnlySpan<SchedulerAttributes>(in attributes)));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulerAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}

/// <summary>ioprio_set(2)</summary>
/// <param name="Value">The class's number shl 13 | the priority.</param>
public sealed record SetIoPriority(string Class, uint Value) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetIoPriority;

    internal override string Description => $"process.ioPriority: ioprio_set({Class})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = Value;
}

/// <summary>set_mempolicy(2)</summary>
/// <param name="Mode">Mode and flags in the kernel's numbers.</param>
/// <param name="Nodes">Bit n of word n / 64 is node n; empty for none.</param>
public sealed record SetMemoryPolicy(string Name, uint Mode, IReadOnlyList<ulong> Nodes) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetMemoryPolicy;

    internal override string Description => $"linux.memoryPolicy: set_mempolicy({Name})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.Value = Mode;
        if (Nodes.Count > 0)
        {
            step.A = writer.Blob(MemoryMarshal.AsBytes(Nodes.ToArray().AsSpan()));

            // The kernel takes one bit less than it is told (get_nodes in mm/mempolicy.c).
            step.Value2 = ((ulong)Nodes.Count * 64) + 1;
        }
    }
}

/// <summary>personality(2)</summary>
public sealed record SetPersonality(string Domain, uint Value) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetPersonality;

    internal override string Description => $"linux.personality: personality({Domain})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = Value;
}

using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Makes a terminal in the container's own devpts. pty(7)</summary>
public sealed record OpenTerminal(ConsoleSize? Size, bool BindConsole) : LaunchStep
{
    internal override StepKind Kind => StepKind.OpenTerminal;

    internal override string Description => "opening a terminal in /dev/pts";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.Value = Size?.Height ?? 0;
        step.Value2 = Size?.Width ?? 0;
        step.Flags = BindConsole ? 1u : 0;
    }
}

/// <summary>Makes the terminal the process's controlling terminal and its standard streams. ioctl_tty(2), TIOCSCTTY</summary>
public sealed record AttachTerminal : LaunchStep
{
    internal override StepKind Kind => StepKind.AttachTerminal;

    internal override string Description => "attaching the terminal";
}

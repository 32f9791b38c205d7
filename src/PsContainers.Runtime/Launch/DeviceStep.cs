namespace PsContainers.Runtime.Launch;

/// <summary>Makes a device node, or a FIFO. mknod(2)</summary>
/// <param name="Mode">Type (S_IFCHR, S_IFBLK, S_IFIFO) and permission bits.</param>
public sealed record MakeDevice(string Target, uint Mode, uint Major, uint Minor, uint User, uint Group) : LaunchStep
{
    internal override StepKind Kind => StepKind.MakeDevice;

    internal override string Description => $"mknod({Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = User;
        step.B = Group;
        step.C = writer.Text(Target);
        step.Value = Mode;
        step.Value2 = ((ulong)Major << 32) | Minor;
    }
}

/// <summary>Makes a symbolic link; one that is there stays.</summary>
public sealed record MakeSymlink(string LinkTarget, string Target) : LaunchStep
{
    internal override StepKind Kind => StepKind.MakeSymlink;

    internal override string Description => $"symlink({LinkTarget} at {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(LinkTarget);
        step.C = writer.Text(Target);
    }
}

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

/// <summary>Binds the host's device node on an empty file, where mknod(2) is not permitted: in a user namespace.</summary>
/// <remarks>Like <see cref="BindMount"/> it has two halves, which may be two processes.</remarks>
/// <param name="Mode">Its type (S_IFCHR, S_IFBLK): with the numbers what the host's node must be.</param>
public sealed record BindDevice(string Source, string Target, uint Mode, uint Major, uint Minor) : LaunchStep
{
    internal override StepKind Kind => StepKind.BindDevice;

    internal override string Description => $"mount({Source} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Source);
        step.C = writer.Text(Target);
        step.Value = Mode;
        step.Value2 = ((ulong)Major << 32) | Minor;
    }
}

/// <summary>Makes a symbolic link; what is there already stays, unless it is to be replaced.</summary>
public sealed record MakeSymlink(string LinkTarget, string Target, bool Replaces = false) : LaunchStep
{
    internal override StepKind Kind => StepKind.MakeSymlink;

    internal override string Description => $"symlink({LinkTarget} at {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(LinkTarget);
        step.C = writer.Text(Target);
        step.Flags = Replaces ? 1u : 0;
    }
}

namespace PsContainers.Runtime.Launch;

/// <summary>Sets the propagation of the whole mount tree, before anything is mounted.</summary>
public sealed record SetPropagation(MountFlags Flags) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetPropagation;

    internal override string Description => $"mount({Flags} on /)";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = (ulong)Flags;
}

/// <summary>
/// Makes the mount that a host directory lies on private, in this mount namespace alone: what is mounted on the directory does not
/// reach the host, while everything else goes on to share.
/// </summary>
/// <remarks>A source of a bind mount that lies on the same mount as the root shares nothing from then on; runc has it so, too.</remarks>
public sealed record IsolateMountOf(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.IsolateMountOf;

    internal override string Description => $"mount(private below {Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Path);
}

/// <summary>Goes to the directory that the root's mount data is relative to.</summary>
public sealed record ChangeDirectory(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.ChangeDirectory;

    internal override string Description => $"chdir({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Path);
}

/// <summary>Mounts the root file system on a host directory.</summary>
public sealed record MountRoot(string? Type, string? Source, MountFlags Flags, string? Data, string Target) : LaunchStep
{
    internal override StepKind Kind => StepKind.MountRoot;

    internal override string Description => $"mount({Type ?? Source} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Type);
        step.B = writer.Text(Source);
        step.C = writer.Text(Data);
        step.D = writer.Text(Target);
        step.Value = (ulong)Flags;
    }
}

/// <summary>Mounts the root file system option by option; an empty value is a flag. fsconfig(2)</summary>
public sealed record MountRootByParameters(string Type, IReadOnlyList<(string Key, string Value)> Parameters, string Target) : LaunchStep
{
    internal override StepKind Kind => StepKind.MountRootByParameters;

    internal override string Description =>
        $"fsmount({Type} of {Parameters.Count(p => p.Key == "lowerdir+")} layers on {Target}, which needs Linux 6.5)";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Type);
        step.B = writer.Texts([.. Parameters.SelectMany(p => new[] { p.Key, p.Value })]);
        step.Value2 = (ulong)Parameters.Count * 2;
        step.D = writer.Text(Target);
    }
}

/// <summary>Opens the root; every later target is found below it.</summary>
public sealed record OpenRoot(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.OpenRoot;

    internal override string Description => $"open({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Path);
}

/// <summary>Mounts a file system on a path of the container.</summary>
/// <param name="CopiesMode">A directory that is there already gives its mode to the tmpfs that covers it.</param>
public sealed record MountFileSystem(
    string Type, string Source, string Target, MountFlags Flags, string? Data, bool CopiesMode = false) : LaunchStep
{
    internal override StepKind Kind => StepKind.Mount;

    internal override string Description => $"mount({Type} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Type);
        step.B = writer.Text(Data);
        step.C = writer.Text(Target);
        step.D = writer.Text(Source);
        step.Value = (ulong)Flags;
        step.Flags = CopiesMode ? 1u : 0;
    }
}

/// <summary>
/// Mounts a tmpfs that begins as a copy of the directory it covers (`tmpcopyup`); an empty value of a parameter is a flag.
/// </summary>
/// <param name="CopiesMode">Its own mode is the directory's, too; otherwise a parameter says it.</param>
public sealed record MountCopy(
    string Source,
    string Target,
    MountAttributes Attributes,
    IReadOnlyList<(string Key, string Value)> Parameters,
    bool CopiesMode,
    bool CopiesOwner) : LaunchStep
{
    internal override StepKind Kind => StepKind.MountCopy;

    internal override string Description => $"mount(tmpfs with a copy of {Target} on it)";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Source);
        step.B = writer.Texts([.. Parameters.SelectMany(p => new[] { p.Key, p.Value })]);
        step.C = writer.Text(Target);
        step.Value = (ulong)Attributes;
        step.Value2 = (ulong)Parameters.Count * 2;
        step.Flags = (CopiesMode ? 1u : 0) | (CopiesOwner ? 2u : 0);
    }
}

/// <summary>Sets the propagation of one mount.</summary>
public sealed record SetTargetPropagation(string Target, MountFlags Flags) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetTargetPropagation;

    internal override string Description => $"mount({Flags} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.C = writer.Text(Target);
        step.Value = (ulong)Flags;
    }
}

/// <summary>Sets attributes on a mount that an earlier step made. mount_setattr(2)</summary>
public sealed record SetTargetAttributes(string Target, AttributeChange Attributes, bool Recursive) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetTargetAttributes;

    internal override string Description => $"mount_setattr({Attributes.Set} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.C = writer.Text(Target);
        step.Value = Attributes.Packed;
        step.Flags = Recursive ? 1u : 0;
    }
}

/// <summary>Hides a path, if it is there.</summary>
/// <param name="FileSystem">The file system it must lie on (statfs(2)); 0 for any.</param>
public sealed record MaskPath(string Target, uint FileSystem = 0) : LaunchStep
{
    internal override StepKind Kind => StepKind.MaskPath;

    internal override string Description => $"mask({Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.C = writer.Text(Target);
        step.Value = FileSystem;
    }
}

/// <summary>Makes a path and all below it read-only, if it is there.</summary>
/// <param name="FileSystem">The file system it must lie on (statfs(2)); 0 for any.</param>
public sealed record ReadOnlyPath(string Target, uint FileSystem = 0) : LaunchStep
{
    internal override StepKind Kind => StepKind.ReadOnlyPath;

    internal override string Description => $"mount(read-only on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.C = writer.Text(Target);
        step.Value = FileSystem;
    }
}

/// <summary>Makes the new root the root. pivot_root(2)</summary>
/// <param name="IsHostShared">The old root is still in the host's peer groups, and must leave them before it is unmounted.</param>
public sealed record PivotRoot(string Path, bool IsHostShared = false) : LaunchStep
{
    internal override StepKind Kind => StepKind.PivotRoot;

    internal override string Description => $"pivot_root({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Flags = IsHostShared ? 1u : 0;
}

/// <summary>Makes the root read-only, after everything that had to be made in it.</summary>
public sealed record RemountRootReadOnly : LaunchStep
{
    internal override StepKind Kind => StepKind.RemountRootReadOnly;

    internal override string Description => "mount_setattr(read-only on /)";
}

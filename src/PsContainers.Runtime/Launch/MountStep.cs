namespace PsContainers.Runtime.Launch;

/// <summary>Sets the propagation of the whole mount tree, before anything is mounted.</summary>
public sealed record SetPropagation(MountFlags Flags) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetPropagation;

    internal override string Description => $"mount({Flags} on /)";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = (ulong)Flags;
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
public sealed record MountFileSystem(string Type, string Source, string Target, MountFlags Flags, string? Data) : LaunchStep
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
    }
}

/// <summary>Binds a host path on a path of the container.</summary>
public sealed record BindMount(string Source, string Target, bool Recursive, MountAttributes Attributes, bool IsDirectory) : LaunchStep
{
    internal override StepKind Kind => StepKind.Bind;

    internal override string Description => $"mount({Source} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Source);
        step.C = writer.Text(Target);
        step.Value = Recursive ? (ulong)MountFlags.Recursive : 0;
        step.Value2 = (ulong)Attributes;
        step.Flags = IsDirectory ? 1u : 0;
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
public sealed record SetTargetAttributes(string Target, MountAttributes Attributes, bool Recursive) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetTargetAttributes;

    internal override string Description => $"mount_setattr({Attributes} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.C = writer.Text(Target);
        step.Value = (ulong)Attributes;
        step.Flags = Recursive ? 1u : 0;
    }
}

/// <summary>Hides a path, if it is there.</summary>
public sealed record MaskPath(string Target) : LaunchStep
{
    internal override StepKind Kind => StepKind.MaskPath;

    internal override string Description => $"mask({Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.C = writer.Text(Target);
}

/// <summary>Makes a path and all below it read-only, if it is there.</summary>
public sealed record ReadOnlyPath(string Target) : LaunchStep
{
    internal override StepKind Kind => StepKind.ReadOnlyPath;

    internal override string Description => $"mount(read-only on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.C = writer.Text(Target);
}

/// <summary>Makes the new root the root. pivot_root(2)</summary>
public sealed record PivotRoot(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.PivotRoot;

    internal override string Description => $"pivot_root({Path})";
}

/// <summary>Makes the root read-only, after everything that had to be made in it.</summary>
public sealed record RemountRootReadOnly : LaunchStep
{
    internal override StepKind Kind => StepKind.RemountRootReadOnly;

    internal override string Description => "mount_setattr(read-only on /)";
}

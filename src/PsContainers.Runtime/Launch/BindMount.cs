using System.Runtime.InteropServices;

namespace PsContainers.Runtime.Launch;

/// <summary>Binds a host path on a path of the container.</summary>
/// <remarks>
/// The launcher does it in two halves, which may be two processes: the source is cloned and gets its attributes where the host is in
/// reach, and is attached where the container's root is. open_tree(2), mount_setattr(2), move_mount(2)
/// </remarks>
public sealed record BindMount(string Source, string Target) : LaunchStep
{
    public bool Recursive { get; init; }

    /// <summary>Of the mount itself.</summary>
    public AttributeChange Attributes { get; init; }

    /// <summary>Of the mount and all below it.</summary>
    public AttributeChange RecursiveAttributes { get; init; }

    /// <summary>
    /// What the clone has to do with the host's mounts before it is attached: <see cref="MountFlags.Private"/>,
    /// <see cref="MountFlags.Slave"/>, or neither, which leaves it in their peer group.
    /// </summary>
    public MountFlags Containment { get; init; }

    /// <summary>Set once it is attached; none keeps what it has.</summary>
    public MountFlags Propagation { get; init; }

    /// <summary>How ids of the source appear inside; null as they are.</summary>
    public MountIdMap? IdMap { get; init; }

    /// <summary>The one file or directory of the source that is bound, found as by a process whose root is the source.</summary>
    public string? Subpath { get; init; }

    /// <summary>What the user knows the source as, where it is a file system that <see cref="PartMount"/> has mounted there.</summary>
    public string? Whole { get; init; }

    internal override StepKind Kind => StepKind.Bind;

    internal override string Description =>
        Subpath is null ? $"mount({Source} on {Target})" : $"mount({Subpath} of {Whole ?? Source} on {Target})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Source);
        step.B = (uint)Propagation;
        step.C = writer.Text(Target);
        step.Value = Attributes.Packed;
        step.Value2 = RecursiveAttributes.Packed;
        var flags = Recursive ? BindFlags.Recursive : BindFlags.None;
        flags |= Containment.HasFlag(MountFlags.Private) ? BindFlags.Private : BindFlags.None;
        flags |= Containment.HasFlag(MountFlags.Slave) ? BindFlags.Slave : BindFlags.None;
        flags |= Whole is null ? BindFlags.None : BindFlags.OfWhole;
        if (IdMap is not null || Subpath is not null)
        {
            flags |= IdMap is { Recursive: true } ? BindFlags.MapsIdsRecursively : BindFlags.None;
            uint[] texts =
            [
                writer.Text(IdMap?.Users), writer.Text(IdMap?.Groups), writer.Text(IdMap?.NamespacePath), writer.Text(Subpath),
            ];
            step.D = writer.Blob(MemoryMarshal.AsBytes(texts.AsSpan()));
        }

        step.Flags = (uint)flags;
    }
}

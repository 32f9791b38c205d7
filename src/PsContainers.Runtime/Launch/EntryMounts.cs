using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>
/// What of the host's tree must be opened before the container's user namespace is entered: inside, folders for root alone are out of
/// reach, and ids cannot be mapped.
/// </summary>
internal static class EntryMounts
{
    // Descriptors that nothing else in the launcher gets; their number stands in the overlay's options.
    private const int LayersDescriptor = 900;
    private const int WritableDescriptor = 901;

    internal static IReadOnlyList<LaunchStep> Build(RuntimeSpec spec, LaunchOptions options, NamespacePlan namespaces)
    {
        if (!namespaces.HasUser)
        {
            return [];
        }

        var parts = (spec.Mounts ?? []).Where(PartMount.IsWanted).ToList();
        LaunchStep[] hidden = [new Unshare(CloneFlags.Mount), new SetPropagation(MountFlags.Private | MountFlags.Recursive)];
        return options.Root is null
            ? [new OpenSources(), .. parts.Count > 0 ? hidden : [], .. Parts(parts, options), new CloneRoot(options.RootPath)]
            : [new OpenSources(), .. hidden, .. Snapshot(parts, options, options.Root, namespaces), new CloneRoot(options.RootPath)];
    }

    private static IEnumerable<LaunchStep> Parts(IEnumerable<Mount> parts, LaunchOptions options) =>
        parts.SelectMany(part => PartMount.BuildEntry(part, options));

    // The store keeps ids as the image has them. Seen through mapped mounts its layers belong to the container's ids, and what the
    // container writes is stored unmapped again. Overlays of mapped layers need Linux 5.19.
    private static IReadOnlyList<LaunchStep> Snapshot(
        IReadOnlyList<Mount> parts, LaunchOptions options, Mount overlay, NamespacePlan namespaces)
    {
        if (namespaces.UserMap is not { } users || namespaces.GroupMap is not { } groups)
        {
            throw new InvalidSettingException(
                "linux.namespaces", "the layers of an image cannot be mapped to the ids of an existing user namespace");
        }

        var layers = Folder(Option(overlay, "lowerdir=").Split(':')[0]);
        var writable = Folder(Option(overlay, "upperdir="));
        var mapped = Replace(Replace(overlay, layers, LayersDescriptor), writable, WritableDescriptor);
        return
        [
            new MapFolder(layers, users, groups, LayersDescriptor),
            new MapFolder(writable, users, groups, WritableDescriptor),

            // Of another image, whose layers lie where this one's do.
            .. Parts(parts.Select(part => part.Type == "overlay" ? Replace(part, layers, LayersDescriptor) : part), options),
            new ActAs(namespaces.HostUser, namespaces.HostGroup),
            .. RootMount.Build(options with { Root = mapped }),
            new ActAs(0, 0),
        ];
    }

    private static Mount Replace(Mount overlay, string folder, int descriptor) => overlay with
    {
        Options = [.. (overlay.Options ?? []).Select(
            option => option.Replace($"{folder}/", $"/proc/self/fd/{descriptor}/", StringComparison.Ordinal))],
    };

    private static string Option(Mount overlay, string name) =>
        overlay.Options?.FirstOrDefault(o => o.StartsWith(name, StringComparison.Ordinal))?[name.Length..] is { Length: > 0 } value
            ? value
            : throw new InvalidSettingException("root", $"an overlay without {name}");

    private static string Folder(string path) =>
        Path.GetDirectoryName(path) ?? throw new InvalidSettingException("root", $"'{path}' lies in no folder");
}

/// <summary>Opens the sources of all bind mounts and devices among the first process's steps.</summary>
public sealed record OpenSources : LaunchStep
{
    internal override StepKind Kind => StepKind.OpenSources;

    internal override string Description => "opening what is bound into the container";
}

/// <summary>Takes a copy of a mount tree, to be the container's root. open_tree(2)</summary>
public sealed record CloneRoot(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.CloneRoot;

    internal override string Description => $"open_tree({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Path);
}

/// <summary>Opens a folder as seen through a map of ids, under a descriptor's number. mount_setattr(2), MOUNT_ATTR_IDMAP</summary>
public sealed record MapFolder(string Path, string Users, string Groups, int Descriptor) : LaunchStep
{
    internal override StepKind Kind => StepKind.MapFolder;

    internal override string Description => $"mount_setattr(id map on {Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Path);
        step.B = writer.Text(Users);
        step.C = writer.Text(Groups);
        step.Value = (ulong)Descriptor;
    }
}

/// <summary>
/// Works on files as another user, with all capabilities kept: an overlay makes its files as who mounted it, and nobody but those that a
/// map of ids knows can make any. setfsuid(2)
/// </summary>
public sealed record ActAs(uint User, uint Group) : LaunchStep
{
    internal override StepKind Kind => StepKind.ActAs;

    internal override string Description => $"setfsuid({User})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.Value = User;
        step.Value2 = Group;
    }
}

/// <summary>Attaches the copy that <see cref="CloneRoot"/> took over the root of the host's tree, and works below it.</summary>
public sealed record AttachRoot(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.AttachRoot;

    internal override string Description => $"move_mount({Path})";
}

using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>A mount that shows one file or directory of a file system which is mounted for it alone.</summary>
/// <remarks>
/// The whole is mounted over the container's own root directory, in a mount namespace that the host does not see, for as long as it takes
/// to find the part in it and to clone that. Nothing but the clone is then left: neither the rest of the file system nor a mount below
/// the part's is there to be uncovered.
/// </remarks>
internal static class PartMount
{
    // Made new for each container: there is nothing in them to choose a part of.
    private static readonly string[] _ownTypes = ["cgroup", "cgroup2", "devpts", "mqueue", "proc", "sysfs", "tmpfs"];

    internal static bool IsWanted(Mount mount) => mount.Subpath is not null && !IsBind(mount);

    /// <summary>All of it in the container's first process, which has the namespace for it.</summary>
    internal static IEnumerable<LaunchStep> Build(Mount mount, MountOptions options, LaunchOptions launch) =>
        [.. Whole(mount, options, launch.RootPath), Part(mount, options, launch), new UnmountWhole(launch.RootPath)];

    /// <summary>The half that goes before a user namespace, in which the file system may be out of reach.</summary>
    internal static IEnumerable<LaunchStep> BuildEntry(Mount mount, LaunchOptions launch) =>
        [.. Whole(mount, MountOptions.Parse(mount.Options), launch.RootPath), new OpenPart(), new UnmountWhole(launch.RootPath)];

    /// <summary>The other half; the launcher keeps the source open for it.</summary>
    internal static BindMount Part(Mount mount, MountOptions options, LaunchOptions launch) => new(launch.RootPath, mount.Destination)
    {
        Attributes = options.Attributes,
        RecursiveAttributes = options.Recursive,
        Containment = MountFlags.Private,
        Subpath = mount.Subpath,
        Whole = mount.Source ?? mount.Type,
    };

    internal static void Check(Mount mount, MountOptions options, string setting)
    {
        if (mount.Subpath is null)
        {
            return;
        }

        if (mount.Subpath.Length == 0)
        {
            throw new InvalidSettingException($"{setting}.subpath", "empty");
        }

        if (options.IsRemount || (!IsBind(mount) && _ownTypes.Contains(mount.Type)))
        {
            var what = options.IsRemount ? "a mount that is there already" : $"a new {mount.Type}";
            throw new InvalidSettingException($"{setting}.subpath", $"{what} has no part to show");
        }
    }

    private static bool IsBind(Mount mount) => mount.Type == "bind" || MountOptions.Parse(mount.Options).IsBind;

    private static IReadOnlyList<LaunchStep> Whole(Mount mount, MountOptions options, string place) => mount.Type == "overlay"
        ? RootMount.Overlay(mount, place)
        : [new MountRoot(mount.Type, mount.Source ?? mount.Type, options.FreshFlags, options.Data, place)];
}

/// <summary>Opens the source of the next part of a file system, while that is mounted.</summary>
public sealed record OpenPart : LaunchStep
{
    internal override StepKind Kind => StepKind.OpenPart;

    internal override string Description => "opening a part of a file system";
}

/// <summary>Takes a file system off again when its part is cloned. umount2(2)</summary>
public sealed record UnmountWhole(string Path) : LaunchStep
{
    internal override StepKind Kind => StepKind.Unmount;

    internal override string Description => $"umount2({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Path);
}

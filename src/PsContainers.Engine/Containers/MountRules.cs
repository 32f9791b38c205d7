using PsContainers.Engine.Errors;
using PsContainers.Linux;

namespace PsContainers.Engine.Containers;

/// <summary>What each type of mount can be asked for.</summary>
internal static class MountRules
{
    private const int LongestPath = 4095; // PATH_MAX with its NUL

    private static readonly string[] _recursive = ["enabled", "disabled", "writable", "readonly"];
    private static readonly string[] _propagations = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

    /// <summary>The mount with its target without detours.</summary>
    /// <exception cref="ContainerEngineException">InvalidMount, MountSourceNotFound</exception>
    public static ContainerMount Check(ContainerMount mount)
    {
        Refuse(mount, CauseAgainst(mount));
        return mount.Type switch
        {
            ContainerMountType.Bind => CheckSource(mount) with { Target = Target(mount) },
            _ => mount with { Target = Target(mount) },
        };
    }

    /// <summary>Whether the host is to see what the container mounts there.</summary>
    public static bool IsShared(ContainerMount mount) => mount.Propagation is "shared" or "rshared";

    /// <summary>Whether a path leads to something; <see cref="Path.Exists"/> is content with a link to nothing.</summary>
    public static bool IsThere(string path)
    {
        try
        {
            return WholeFile.Exists(path);
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>Checks that the host can see what a container mounts, if it is to; the mount's files are at the path.</summary>
    /// <exception cref="ContainerEngineException">InvalidMount</exception>
    public static void CheckSharing(ContainerMount mount, string path) =>
        Refuse(mount, IsShared(mount) ? CauseAgainstSharing(path) : null);

    private static string? CauseAgainst(ContainerMount mount) => mount.Type switch
    {
        ContainerMountType.Bind when mount.Source is null => "a bind needs a source",
        ContainerMountType.Image when mount.Source is null => "it needs the name of an image as source",
        ContainerMountType.Tmpfs or ContainerMountType.DevPts when mount.Source is not null => "what is made new has no source",
        not ContainerMountType.Bind when mount.CreateSource => "only the source of a bind can be made",
        not ContainerMountType.Bind when mount.BindRecursive is not null => "bind-recursive is for a bind",
        not (ContainerMountType.Bind or ContainerMountType.Volume) when mount.Propagation is not null =>
            "a propagation is for a bind or a volume",
        not (ContainerMountType.Bind or ContainerMountType.Volume) when mount.IdMap => "idmap is for a bind or a volume",
        not ContainerMountType.Volume when mount.NoCopy => "nocopy is for a volume",
        not ContainerMountType.Volume when mount.VolumeDriver is not null || mount.VolumeOption.Count + mount.VolumeLabel.Count > 0 =>
            "a driver, its options and labels are for a volume",
        not (ContainerMountType.Volume or ContainerMountType.Image) when mount.Subpath is not null =>
            "a subpath is for a volume or an image; of a bind the source says it",
        not ContainerMountType.Tmpfs when mount.Size is not null || mount.Mode is not null => "size and mode are for a tmpfs",
        ContainerMountType.DevPts when mount.ReadOnly => "terminals cannot be read-only",
        _ when mount.BindRecursive is { } word && !_recursive.Contains(word) =>
            $"bind-recursive is one of {string.Join(", ", _recursive)}, not '{word}'",
        _ when mount.BindRecursive == "readonly" && !mount.ReadOnly => "bind-recursive=readonly is for a mount that is read-only",
        _ when mount.Propagation is { } word && !_propagations.Contains(word) =>
            $"the propagation is one of {string.Join(", ", _propagations)}, not '{word}'",
        _ when mount.Size is < 0 => "its size is less than nothing",
        _ when mount.Subpath is { } path && !IsInside(path) => $"the subpath '{path}' is not a relative path that stays inside",
        _ when mount is { Type: ContainerMountType.Volume, Source: { } name } && !IsVolumeName(name) =>
            $"'{name}' is neither the name of a volume nor, for type=bind, a path",
        _ => null,
    };

    private static string Target(ContainerMount mount)
    {
        var target = mount.Target;
        Refuse(mount, target is not ['/', ..] ? $"the target '{target}' is not an absolute path" : null);
        Refuse(mount, target.Contains('\0', StringComparison.Ordinal) || target.Length > LongestPath ? "the target is not a path" : null);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        Refuse(mount, full == "/" ? "nothing can be mounted on the root itself" : null);
        return full;
    }

    private static ContainerMount CheckSource(ContainerMount mount)
    {
        var source = mount.Source!;
        var isAbsolute = source is ['/', ..] && !source.Contains('\0', StringComparison.Ordinal);
        Refuse(mount, isAbsolute ? null : "the source is not an absolute path");
        if (IsThere(source))
        {
            CheckSharing(mount, source);
            return mount;
        }

        return mount.CreateSource ? mount : throw VolumeErrors.SourceNotFound(mount);
    }

    // Only a mount of a peer group can be cloned into that group: mount_namespaces(7). Nobody would ever see what the container mounts.
    private static string? CauseAgainstSharing(string path)
    {
        try
        {
            return MountInfo.Of(path) is { IsShared: false } mount
                ? $"its source lies on the mount '{mount.MountPoint}', which is not shared: mount --make-shared"
                : null;
        }
        catch (LinuxException)
        {
            // Gone meanwhile: the start says so.
            return null;
        }
    }

    private static bool IsInside(string path) =>
        path.Length is > 0 and <= LongestPath && path[0] is not '/' && !path.Split('/').Contains("..")
        && !path.Contains('\0', StringComparison.Ordinal);

    // An id is taken as well: an anonymous volume of another container.
    private static bool IsVolumeName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static void Refuse(ContainerMount mount, string? cause)
    {
        if (cause is not null)
        {
            throw VolumeErrors.InvalidMount(mount, cause);
        }
    }
}

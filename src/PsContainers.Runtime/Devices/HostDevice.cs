using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Devices;

/// <summary>A device of the host for a container: the node to make, and what may be done with it.</summary>
/// <param name="Access">A subset of <c>rwm</c>.</param>
public sealed record HostDevice(LinuxDevice Node, string Access)
{
    // Of the container's own making (runc passes over the same), or no device of the machine's.
    private static readonly string[] _ownOfContainers = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev"];

    public LinuxDeviceCgroup Rule => new()
    {
        Allow = true,
        Type = Node.Type,
        Major = Node.Major,
        Minor = Node.Minor,
        Access = Access,
    };

    /// <summary>Every device below the host's <c>/dev</c>.</summary>
    public static IReadOnlyList<HostDevice> All() =>
        [.. Below("/dev", "/dev", "rwm").Where(device => device.Node.Path is not ("/dev/console" or "/dev/ptmx"))];

    /// <summary>The device at a path of the host, or, when that is a folder, those below it.</summary>
    /// <returns>Nothing when there is no device.</returns>
    public static IReadOnlyList<HostDevice> At(string hostPath, string containerPath, string access)
    {
        // As /dev/disk/by-id names them.
        var isLink = new FileInfo(hostPath).LinkTarget is not null;
        var path = isLink && Path.Exists(hostPath) ? File.ResolveLinkTarget(hostPath, returnFinalTarget: true)!.FullName : hostPath;
        return Directory.Exists(path) ? [.. Below(path, containerPath, access)] : Of(path, containerPath, access) is { } one ? [one] : [];
    }

    private static IEnumerable<HostDevice> Below(string hostFolder, string containerFolder, string access)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(hostFolder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (_ownOfContainers.Contains(name) || new FileInfo(path).LinkTarget is not null)
            {
                continue;
            }

            IEnumerable<HostDevice> found = Directory.Exists(path)
                ? Below(path, $"{containerFolder}/{name}", access)
                : Of(path, $"{containerFolder}/{name}", access) is { } one ? [one] : [];
            foreach (var device in found)
            {
                yield return device;
            }
        }
    }

    private static HostDevice? Of(string hostPath, string containerPath, string access)
    {
        if (Path.GetDirectoryName(hostPath) is not { Length: > 0 } folder || !Directory.Exists(folder))
        {
            return null;
        }

        using var directory = DirectoryDescriptor.OpenFollowing(folder);
        return directory.StatusOf(Path.GetFileName(hostPath)) is { Kind: FileKind.CharacterDevice or FileKind.BlockDevice } status
            ? new HostDevice(
                new LinuxDevice
                {
                    Path = containerPath,
                    Type = status.Kind == FileKind.BlockDevice ? "b" : "c",
                    Major = status.NodeMajor,
                    Minor = status.NodeMinor,
                    FileMode = (uint)status.Mode & 0x1ff,
                    Uid = status.UserId,
                    Gid = status.GroupId,
                },
                access)
            : null;
    }
}

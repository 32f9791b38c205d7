using System.Globalization;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>What is mounted into a container, in this order. What a user mounts is there in the place of the engine's own.</summary>
internal static class MountList
{
    public static IReadOnlyList<Mount> Of(IReadOnlyList<Mount> standard, SpecSurroundings surroundings, ContainerSettings settings)
    {
        var taken = surroundings.Mounts.Select(mount => mount.Destination).ToHashSet(StringComparer.Ordinal);
        List<Mount> mounts =
        [
            .. standard.Where(mount => !taken.Contains(mount.Destination)).Select(mount => Adapt(mount, settings)),
            .. surroundings.Mounts,
            .. NetworkFiles.Mounts(surroundings.RunDirectory, surroundings.NetworkDirectory)
                .Where(mount => !taken.Contains(mount.Destination)),
        ];
        if (settings.Init)
        {
            string[] options = ["bind", "ro", "nosuid", "nodev", "rprivate"];
            mounts.Add(new Mount(RuntimeSpecBuilder.InitPath, "bind", surroundings.Launcher, options));
        }

        return mounts;
    }

    private static Mount Adapt(Mount mount, ContainerSettings settings) => mount.Destination switch
    {
        // Only whose users own the network namespace may mount sysfs for it: mount_namespaces(7), sysfs(5).
        "/sys" when settings.FirstHostId is not null && settings.Network != NetworkMode.None =>
            new Mount("/sys", "bind", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro", "rprivate"]),

        // Docker leaves both writable to the privileged.
        "/sys" or "/sys/fs/cgroup" when settings.Privileged => mount with { Options = [.. (mount.Options ?? []).Where(o => o != "ro")] },

        // What processes share by shm_open(3) they find here: one IPC namespace, one folder.
        "/dev/shm" when settings.IpcNamespace == nameof(NamespaceOrigin.Host) && Directory.Exists("/dev/shm") =>
            new Mount("/dev/shm", "bind", "/dev/shm", ["bind", "nosuid", "noexec", "nodev", "rprivate"]),
        "/dev/shm" when settings.ShmSize is { } size => mount with
        {
            Options =
            [
                .. (mount.Options ?? []).Where(option => !option.StartsWith("size=", StringComparison.Ordinal)),
                string.Create(CultureInfo.InvariantCulture, $"size={size}"),
            ],
        },
        _ => mount,
    };
}

using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>Makes ready what a container is to see beside its image's files, and says how the launcher mounts it.</summary>
internal sealed class ContainerMounting(
    EnginePaths paths, ImageTable images, VolumeTable volumes, VolumeAccess access, VolumeFilling filling, Snapshots snapshots)
{
    private const UnixFileMode ForAll = EnginePaths.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>In the order of mounting. What drivers mounted is given back with the run.</summary>
    /// <param name="image">The container's own: an empty volume is filled from it.</param>
    /// <exception cref="ContainerEngineException">
    /// MountSourceNotFound, ImageNotFound, InvalidMount, and those of <see cref="VolumeAccess.Open"/>
    /// </exception>
    public IReadOnlyList<Mount> Prepare(ContainerRow row, ImageRow image, CancellationToken cancellation)
    {
        if (row.Settings.Mounts is not { Count: > 0 } settings)
        {
            return [];
        }

        var own = Volumes(row, image, settings, cancellation);
        return
        [
            .. settings.Select(setting => setting.Asked.Type switch
            {
                ContainerMountType.Bind => Bind(row, setting.Asked),
                ContainerMountType.Volume => Volume(row, setting.Asked, own[setting.Volume!]),
                ContainerMountType.Image => Image(row, setting),
                ContainerMountType.Tmpfs => MountOptionText.Tmpfs(setting.Asked),
                _ => MountOptionText.DevPts(setting.Asked),
            }),
        ];
    }

    private static Mount Bind(ContainerRow row, ContainerMount mount)
    {
        if (!MountRules.IsThere(mount.Source!))
        {
            MakeSource(mount);
        }

        MountRules.CheckSharing(mount, mount.Source!);
        return MountOptionText.Bind(mount, mount.Source!, mount.IdMap && row.Settings.FirstHostId is not null);
    }

    private static void MakeSource(ContainerMount mount)
    {
        if (!mount.CreateSource)
        {
            throw VolumeErrors.SourceNotFound(mount);
        }

        try
        {
            Directory.CreateDirectory(mount.Source!, ForAll);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VolumeErrors.InvalidMount(mount, $"its source cannot be made: {e.Message}");
        }
    }

    // Where the files of each volume are, by its id; they are there.
    private Dictionary<string, string> Volumes(
        ContainerRow row, ImageRow image, IReadOnlyList<MountSetting> settings, CancellationToken cancellation)
    {
        List<MountSetting> mounts = [.. settings.Where(setting => setting.Volume is not null)];
        if (mounts.Count == 0)
        {
            return [];
        }

        var rows = volumes.OfContainer(row.Id);
        var opened = rows.ToDictionary(volume => volume.Key, volume => access.Open(
            volume.Value,
            new VolumeUseRow(volume.Key, row.Id, Target: null, IsPerson: false, Result: null),
            $"the container '{row.Name}'",
            cancellation));
        using var view = new ImageView(snapshots.LayersOf(image.Chains), paths.MountPoint);
        filling.Fill(
            row,
            [
                .. mounts.Select(mount => new VolumePlace(
                    rows[mount.Volume!],
                    opened[mount.Volume!],
                    mount.Asked.NoCopy || mount.Asked.Subpath is not null ? null : mount.Asked.Target)),
            ],
            view,
            cancellation);
        return opened;
    }

    private static Mount Volume(ContainerRow row, ContainerMount mount, string path)
    {
        RequireSubpath(mount, path);
        MountRules.CheckSharing(mount, path);

        // Who has other users than the host's sees the files as their owner by number would.
        return MountOptionText.Bind(mount, path, row.Settings.FirstHostId is not null);
    }

    private Mount Image(ContainerRow row, MountSetting setting)
    {
        var source = images.Find(setting.Image!) ?? throw EngineErrors.ImageNotFound(setting.Asked.Source!);
        var layers = snapshots.LayersOf(source.Chains);
        if (layers is [var only])
        {
            RequireSubpath(setting.Asked, only);
            return MountOptionText.Bind(setting.Asked with { ReadOnly = true }, only, row.Settings.FirstHostId is not null);
        }

        return MountOptionText.Overlay(setting.Asked, layers, EmptyFolder(row), mapsIds: row.Settings.FirstHostId is not null);
    }

    // An overlay wants two layers at least.
    private string EmptyFolder(ContainerRow row) =>
        Directory.CreateDirectory(Path.Combine(paths.RunDirectory(row.Id), "empty"), EnginePaths.OwnerOnly).FullName;

    private static void RequireSubpath(ContainerMount mount, string path)
    {
        if (mount.Subpath is not { } subpath)
        {
            return;
        }

        using var root = DirectoryDescriptor.OpenFollowing(path);
        if (!root.ExistsInRoot(subpath))
        {
            throw VolumeErrors.InvalidMount(mount, $"there is no '{subpath}' in it");
        }
    }
}

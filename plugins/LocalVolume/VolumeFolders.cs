using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.VolumeMounts;

namespace PsContainers.LocalVolume;

/// <summary>
/// The places of volumes: a folder each, in which that of a volume which is not mounted has `_data`. One that is made, or removed, has
/// another name meanwhile; so whatever has a volume's own name is whole.
/// </summary>
/// <remarks>Used under the volume's lock only.</remarks>
internal sealed class VolumeFolders(string stateDirectory)
{
    private const string Data = "_data";
    private const int OwnerOnly = 0x1c0; // 0700
    private const uint Unchanged = uint.MaxValue; // chown(2)

    private readonly string _folder = Path.Combine(stateDirectory, "volumes");

    /// <summary>Refuses a volume that is to have a limit where the file system can set none.</summary>
    internal void CheckQuota(VolumeDefinition volume, LocalOptions options)
    {
        if (options.Quota is not null && ProjectQuota.Refusal(NearestExisting()) is { } refusal)
        {
            throw new DriverException($"volume {volume.Name}: {refusal}", DriverErrorKind.Unsupported, $"options.{TmpfsWords.Size}");
        }
    }

    /// <summary>Where the volume's files lie; null when they are to be mounted.</summary>
    internal string? Create(VolumeDefinition volume, LocalOptions options)
    {
        CheckQuota(volume, options);
        Directory.CreateDirectory(_folder);
        using var parent = DirectoryDescriptor.Open(_folder);
        if (parent.StatusOf(volume.Id) is null)
        {
            CollectLeftovers(volume, parent);
            try
            {
                Fill(parent, Unfinished(volume), options);
                parent.Rename(Unfinished(volume), parent, volume.Id);
                parent.Synchronize();
            }
            catch
            {
                TryCollect(volume, parent);
                throw;
            }
        }

        return options.Mounted is null ? Path.Combine(_folder, volume.Id, Data) : null;
    }

    internal bool Remove(VolumeDefinition volume)
    {
        if (!Directory.Exists(_folder))
        {
            return false;
        }

        using var parent = DirectoryDescriptor.Open(_folder);
        CollectLeftovers(volume, parent);
        if (parent.StatusOf(volume.Id) is null)
        {
            return false;
        }

        RefuseMounts(volume, volume.Id);
        parent.Rename(volume.Id, parent, Discarded(volume));
        parent.Synchronize();
        Collect(volume, parent, Discarded(volume));
        return true;
    }

    // A definition comes before anything is made.
    private string NearestExisting()
    {
        var folder = _folder;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private static string Unfinished(VolumeDefinition volume) => $"{volume.Id}.new";

    private static string Discarded(VolumeDefinition volume) => $"{volume.Id}.gone";

    private void Fill(DirectoryDescriptor parent, string name, LocalOptions options)
    {
        parent.TryMakeDirectory(name, OwnerOnly);
        if (options.Mounted is not null)
        {
            return;
        }

        using var place = parent.OpenDirectory(name);
        place.TryMakeDirectory(Data, OwnerOnly);
        using var data = place.OpenDirectory(Data);

        // The owner first: a change of it takes set-id bits away.
        data.SetOwner(options.Owner ?? Unchanged, options.Group ?? Unchanged);
        data.SetMode(options.Mode);
        if (options.Quota is { } bytes)
        {
            ProjectQuota.Limit(Path.Combine(_folder, name, Data), bytes);
        }

        data.Synchronize();
        place.Synchronize();
    }

    // What a killed session made, or had not yet removed.
    private void CollectLeftovers(VolumeDefinition volume, DirectoryDescriptor parent)
    {
        Collect(volume, parent, Unfinished(volume));
        Collect(volume, parent, Discarded(volume));
    }

    private void Collect(VolumeDefinition volume, DirectoryDescriptor parent, string name)
    {
        if (parent.StatusOf(name) is not null)
        {
            RefuseMounts(volume, name);
            Release(Path.Combine(_folder, name, Data));
            FileTree.Remove(parent, name);
        }
    }

    private static void Release(string data)
    {
        if (Directory.Exists(data))
        {
            ProjectQuota.Release(data);
        }
    }

    // The failure that led here is the one to report; the next call on the volume tries again.
    private void TryCollect(VolumeDefinition volume, DirectoryDescriptor parent)
    {
        try
        {
            CollectLeftovers(volume, parent);
        }
        catch (Exception e) when (e is IOException or DriverException)
        {
            // See above.
        }
    }

    // What is mounted in a volume belongs to somebody else, and would be emptied with it.
    private void RefuseMounts(VolumeDefinition volume, string name)
    {
        if (HostMount.FindAtOrBelow(Path.Combine(_folder, name)) is { } point)
        {
            throw VolumeCall.Failed(volume, "remove", $"something is mounted on {point}; unmount it first", DriverErrorKind.InUse);
        }
    }
}

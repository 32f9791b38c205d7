using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>The way to a volume's files: made by its driver when nobody did yet, and mounted where that is needed.</summary>
internal sealed class VolumeAccess(VolumeTable table, VolumeDrivers drivers, VolumeLocks locks)
{
    /// <summary>The directory of the host that shows the files to a user, who ends that with <see cref="VolumeRelease"/>.</summary>
    /// <param name="user">In words: <c>the container 'web'</c>.</param>
    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeInUse, VolumeFailed, VolumeDriverFailed</exception>
    public string Open(VolumeRow row, VolumeUseRow use, string user, CancellationToken cancellation)
    {
        if (row is { Status: ContainerVolumeStatus.Ready, Result.Path: { } known })
        {
            return Existing(row, known);
        }

        using var held = locks.Acquire(row.Id, row.Name, cancellation);
        row = Ensure(row, cancellation);

        // Known before it is there: whatever happens from here on, somebody finds it and gives it back.
        if (row.Result!.Path is null && !table.TryAddUse(use))
        {
            throw VolumeErrors.IsLeaving(row.Name);
        }

        var path = row.Result.Path is { } shown ? Existing(row, shown) : Mount(row, use, user, cancellation);
        if (row.Status == ContainerVolumeStatus.Filling)
        {
            EndFilling(row, path);
        }

        return path;
    }

    /// <summary>Has the driver make a volume that stays unfinished until its files are there, and opens it.</summary>
    /// <param name="use">In the store already.</param>
    public string OpenUnfinished(VolumeRow row, VolumeUseRow use, string user, CancellationToken cancellation)
    {
        using var held = locks.Acquire(row.Id, row.Name, cancellation);
        row = row with { Result = drivers.Create(row, cancellation) };
        table.SetResult(row.Id, row.Result);
        return row.Result.Path is { } path ? Existing(row, path) : Mount(row, use, user, cancellation);
    }

    /// <summary>Has the driver make the volume, unless it did before; the caller holds its lock.</summary>
    /// <returns>The volume as it is now, with a result.</returns>
    public VolumeRow Ensure(VolumeRow row, CancellationToken cancellation)
    {
        row = table.Find(row.Id) ?? throw VolumeErrors.NotFound(row.Name);
        switch (row.Status)
        {
            case ContainerVolumeStatus.Removing:
                throw VolumeErrors.IsLeaving(row.Name);
            case ContainerVolumeStatus.Created:
                row = row with { Result = drivers.Create(row, cancellation), Status = ContainerVolumeStatus.Ready };
                table.SetReady(row.Id, row.Result, Durability.PowerLoss);
                break;
        }

        return row;
    }

    // Who fills a volume holds its lock, so this one was killed at it.
    private void EndFilling(VolumeRow row, string path)
    {
        try
        {
            using var directory = DirectoryDescriptor.OpenFollowing(path);
            StagedCopy.Recover(directory);
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be freed of what was half copied", e);
        }

        table.SetStatus(row.Id, ContainerVolumeStatus.Ready, Durability.PowerLoss);
    }

    private string Mount(VolumeRow row, VolumeUseRow use, string user, CancellationToken cancellation)
    {
        var result = drivers.Mount(row, use.User, user, cancellation);
        table.SetUse(use with { Result = result });
        return Existing(row, result.Path);
    }

    private static string Existing(VolumeRow row, string path)
    {
        try
        {
            DirectoryDescriptor.OpenFollowing(path).Dispose();
            return path;
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be used", e);
        }
    }
}

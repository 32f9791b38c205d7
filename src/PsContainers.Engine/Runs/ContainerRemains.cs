using PsContainers.Engine.Images;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;
using PsContainers.Images.Snapshots;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Runs;

/// <summary>Removes what a run, or a whole container, leaves behind. Everything here may be done twice.</summary>
internal sealed class ContainerRemains(
    EnginePaths paths,
    ContainerTable containers,
    ContainerLocks locks,
    Snapshots snapshots,
    ImageCollection collection,
    AttachmentRelease attachments,
    VolumeRelease volumes)
{
    /// <summary>Removes a container that does not run; the caller holds its lock.</summary>
    /// <remarks>
    /// The row goes first: with it the container and its name are gone, and directories without a row are swept by whoever comes next.
    /// </remarks>
    /// <param name="isBrief">The caller came for something else: a driver that is slow does not keep him.</param>
    /// <returns>What could not be given back, in words.</returns>
    public IReadOnlyList<string> Remove(ContainerRow row, bool isBrief = false)
    {
        EndStrays(row);
        var deleted = containers.Delete(row);
        if (deleted.NeedsCollection)
        {
            collection.Announce();
        }

        List<string> kept = [.. RemoveDirectories(row.Id, isBrief), .. volumes.Remove(deleted.Volumes, isBrief)];
        locks.Discard(row.Id);
        if (deleted.NeedsCollection)
        {
            collection.TryCollect();
        }

        return kept;
    }

    /// <summary>
    /// Ends the processes that outlived their container's first one: without a pid namespace of its own nothing takes them along.
    /// </summary>
    public static void EndStrays(ContainerRow row)
    {
        if (NamespaceChoice.Parse(nameof(row.Settings.PidNamespace), row.Settings.PidNamespace).Origin != NamespaceOrigin.Private)
        {
            AbandonedRun.End(row.Id, state: null);
        }
    }

    /// <summary>Removes the files of a container that has no row, and its lock's file, which the caller holds.</summary>
    public void RemoveUnknown(string id)
    {
        // An image that only this container needed may have gone with its row.
        collection.Announce();
        RemoveAbandonedRun(id, isBrief: true);
        RemoveDirectories(id, isBrief: true);
        locks.Discard(id);
    }

    /// <summary>Ends and removes a run whose supervisor is gone, or never was.</summary>
    public void RemoveAbandonedRun(string id, bool isBrief = false)
    {
        AbandonedRun.End(id, RunState.Read(paths.RunDirectory(id)));
        RemoveRun(id, isBrief);
    }

    /// <summary>What the run had of networks and volumes, and its directory.</summary>
    /// <returns>What could not be given back, in words.</returns>
    public IReadOnlyList<string> RemoveRun(string id, bool isBrief = false)
    {
        List<string> kept = [.. attachments.All(id, isBrief), .. volumes.All(id, isBrief)];
        DeleteDirectory(paths.RunDirectory(id));
        return kept;
    }

    private IReadOnlyList<string> RemoveDirectories(string id, bool isBrief)
    {
        var kept = RemoveRun(id, isBrief);
        snapshots.Remove(id);
        DeleteDirectory(paths.ContainerDirectory(id));
        return kept;
    }

    private static void DeleteDirectory(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Done before.
        }
    }
}

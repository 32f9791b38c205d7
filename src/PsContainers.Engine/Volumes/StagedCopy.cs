using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>
/// Copies a tree into a directory that others may be at work in: all of it, or nothing, whoever is killed at what moment.
/// </summary>
/// <remarks>
/// The copy is made in a folder of the directory, and moved out of it name by name when it is whole. What the folder is called says how
/// far that came: whoever is next removes it, or ends the moves, and touches nothing that is another one's. Under the volume's lock only.
/// </remarks>
internal static class StagedCopy
{
    private const string Partial = ".pscontainers-filling";
    private const string Whole = ".pscontainers-filled";
    private const int OwnerOnly = 0x1c0; // 0700

    /// <param name="outlivesPowerLoss">Whether the files are on the disk when this returns.</param>
    /// <exception cref="LinuxException">The directory is as it was before, unless <see cref="IsBegun"/>.</exception>
    public static void Make(DirectoryDescriptor source, DirectoryDescriptor target, bool outlivesPowerLoss, CancellationToken cancellation)
    {
        var isWhole = false;
        try
        {
            target.TryMakeDirectory(Partial, OwnerOnly);
            using var folder = target.OpenDirectory(Partial);
            TreeCopy.Copy(source, folder, cancellation);
            TreeCopy.CopyAttributes(source, folder);
            if (outlivesPowerLoss)
            {
                target.SynchronizeFileSystem();
            }

            target.Rename(Partial, target, Whole);
            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                Remove(target, Partial);
            }
        }

        MoveUp(target, outlivesPowerLoss);
    }

    /// <summary>Ends what a killed session began: a copy that was whole comes, of any other nothing is left.</summary>
    public static void Recover(DirectoryDescriptor target)
    {
        Remove(target, Partial);
        if (target.StatusOf(Whole) is not null)
        {
            MoveUp(target, outlivesPowerLoss: true);
        }
    }

    /// <summary>Whether there is something to end.</summary>
    public static bool IsBegun(DirectoryDescriptor target) => target.StatusOf(Partial) is not null || target.StatusOf(Whole) is not null;

    private static void MoveUp(DirectoryDescriptor target, bool outlivesPowerLoss)
    {
        using var folder = target.OpenDirectory(Whole);
        var modified = folder.Status.Modified;
        foreach (var name in folder.Names())
        {
            if (!folder.TryMove(name, target))
            {
                // Somebody has made one of that name since: it is the newer one.
                FileTree.Remove(folder, name);
            }
        }

        var isNobodys = VolumeLook.IsNobodys(target);
        if (isNobodys)
        {
            TreeCopy.CopyAttributes(folder, target);
        }

        target.RemoveEmptyDirectory(Whole);
        if (isNobodys)
        {
            target.SetModified(modified);
        }

        if (outlivesPowerLoss)
        {
            target.Synchronize();
        }
    }

    private static void Remove(DirectoryDescriptor target, string name)
    {
        if (target.StatusOf(name) is not null)
        {
            FileTree.Remove(target, name);
            target.Synchronize();
        }
    }
}

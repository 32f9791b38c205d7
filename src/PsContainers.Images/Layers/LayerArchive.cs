using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes stacked layers as tar archives: all that they show together, or what the topmost changes.</summary>
/// <remarks>
/// Owners and modes, times to the nanosecond, extended attributes, file capabilities, hard links, devices and fifos are kept, large files
/// with holes stay sparse; sockets are left out, as no archive holds them.
/// </remarks>
public static class LayerArchive
{
    /// <summary>All that the layers show.</summary>
    /// <param name="layers">Folders, the topmost first.</param>
    /// <param name="isLeftOut">Told the path and what is there, says that it is no part of the archive.</param>
    public static void WriteMerged(
        IReadOnlyList<string> layers, Stream target, Func<string, FileStat, bool> isLeftOut, CancellationToken stop)
    {
        using var root = MergedDirectory.Open(layers);
        var tar = new TarWriter(target);
        new MergedArchiveWriter(EntriesOf(root, tar, stop), isLeftOut, stop).WriteRoot(root);
        tar.Finish();
    }

    /// <summary>What the topmost layer changes of the others.</summary>
    /// <inheritdoc cref="WriteMerged"/>
    public static void WriteChanges(
        IReadOnlyList<string> layers, Stream target, Func<string, FileStat, bool> isLeftOut, CancellationToken stop)
    {
        using var root = MergedDirectory.Open(layers);
        var tar = new TarWriter(target);
        var entries = EntriesOf(root, tar, stop);
        new LayerChangesWriter(entries, new MergedArchiveWriter(entries, isLeftOut, stop), isLeftOut, stop).WriteRoot(root);
        tar.Finish();
    }

    private static TreeEntryWriter EntriesOf(MergedDirectory root, TarWriter tar, CancellationToken stop) =>
        new(tar, root.Top.Status.MountId, LayerLimits.Default, stop);
}

using System.Security.Cryptography;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes a folder of this machine as a tar archive: the same folder gives the same bytes.</summary>
/// <remarks>
/// Everything is reached by descriptors and no link is followed, so that a folder which somebody else may change leads nowhere.
/// What is mounted in the folder is left out, its mount points stay: `/proc` of a root file system in use is not part of it.
/// The folders that are to be left out are treated in the same way: the engine's own would be read while it writes there.
/// </remarks>
public static class DirectoryArchive
{
    /// <summary>Archives a folder's content; the folder itself is the archive's root.</summary>
    public static void Write(
        string folder,
        Stream target,
        LayerLimits limits,
        IReadOnlyCollection<string> leftOut,
        CancellationToken stop,
        ArchiveNames names = ArchiveNames.OfLayer)
    {
        using var root = DirectoryDescriptor.OpenFollowing(folder);
        var (tar, mount) = (new TarWriter(target), root.Status.MountId);
        var entries = new TreeEntryWriter(tar, mount, limits, stop);
        new DirectoryArchiveWriter(entries, mount, Identities(leftOut), names, stop).WriteRoot(root);
        tar.Finish();
    }

    /// <summary>Puts the files of an archive, plain, gzip or zstd, into a folder; names are names, none of them a deletion.</summary>
    /// <exception cref="ImageFormatException">What is there by then stays.</exception>
    public static void Extract(Stream archive, DirectoryDescriptor folder, LayerLimits limits, CancellationToken stop)
    {
        using var ancestors = new LayerAncestors(static () => []);
        using var tree = new LayerTree(folder, ancestors);
        using var feed = new ArchiveFeed(archive, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), limits, stop);
        var extractor = new LayerExtractor(feed, tree, ancestors, limits, ArchiveNames.Any);
        extractor.Extract(stop);
        feed.Finish();
        if (!extractor.HasEndMark)
        {
            throw new ImageFormatException("the tar archive is cut short: it has no end mark");
        }
    }

    private static HashSet<FileIdentity> Identities(IReadOnlyCollection<string> folders)
    {
        var identities = new HashSet<FileIdentity>();
        foreach (var folder in folders.Where(Directory.Exists))
        {
            using var directory = DirectoryDescriptor.OpenFollowing(folder);
            identities.Add(directory.Status.Identity);
        }

        return identities;
    }
}

using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes a folder of this machine as a tar archive: the same folder gives the same bytes.</summary>
/// <remarks>
/// Everything is reached by descriptors and no link is followed, so that a folder which somebody else may change leads nowhere.
/// What is mounted in the folder is left out, its mount points stay: `/proc` of a root file system in use is not part of it.
/// </remarks>
public static class DirectoryArchive
{
    /// <summary>Archives a folder's content; the folder itself is the archive's root.</summary>
    public static void Write(string folder, Stream target, CancellationToken stop)
    {
        using var root = DirectoryDescriptor.OpenFollowing(folder);
        var writer = new DirectoryArchiveWriter(new TarWriter(target), root.Status.MountId, stop);
        writer.WriteRoot(root);
    }
}

using PsContainers.Engine.Locks;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>The mounted images, as the kernel lists them: what is recorded nowhere is never wrong, not after a restart either.</summary>
/// <remarks>Of this process's mount namespace. A mount that only another one has keeps nobody from removing its image.</remarks>
internal sealed class ImageMounts(EnginePaths paths)
{
    private const string SourcePrefix = "pscontainers:";

    /// <summary>Keeps apart who mounts an image and who removes one.</summary>
    public LockFile Lock(CancellationToken cancellation) =>
        FileLocks.Acquire(paths.MountsLock, isShared: false, cancellation, "the list of mounts");

    /// <summary>Where an image is mounted, in the order of mounting; a directory may be there more than once.</summary>
    public static IReadOnlyList<string> Of(string imageId) =>
        [.. MountInfo.OfSelf().Where(mount => mount.Source == SourceOf(imageId)).Select(mount => mount.MountPoint)];

    /// <summary>The ids of all images that are mounted anywhere.</summary>
    public static IReadOnlySet<string> Images() => MountInfo.OfSelf()
        .Where(mount => mount.Source.StartsWith(SourcePrefix, StringComparison.Ordinal))
        .Select(mount => mount.Source[SourcePrefix.Length..])
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>The image that is mounted over a directory, topmost; null when none is.</summary>
    public static string? ImageAt(string path) => MountInfo.OfSelf().LastOrDefault(mount => mount.MountPoint == path) is { } top
        && top.Source.StartsWith(SourcePrefix, StringComparison.Ordinal) ? top.Source[SourcePrefix.Length..] : null;

    /// <summary>Mounts layers, the topmost first; without a path in a folder that is made for the image.</summary>
    public string Attach(string imageId, IReadOnlyList<string> layers, string? path)
    {
        var target = path ?? Directory.CreateDirectory(OwnFolderOf(imageId), EnginePaths.OwnerOnly).FullName;

        // An overlay wants two layers at least; the engine's mount point is a folder with nothing in it.
        OverlayMount.Attach([.. layers, paths.MountPoint], target, SourceOf(imageId));
        return target;
    }

    public void Detach(string imageId, string path, bool lazily)
    {
        OverlayMount.Detach(path, lazily);
        if (path == OwnFolderOf(imageId) && !Of(imageId).Contains(path))
        {
            Directory.Delete(path);
        }
    }

    private static string SourceOf(string imageId) => SourcePrefix + imageId;

    private string OwnFolderOf(string imageId) => Path.Combine(paths.Mounts, imageId["sha256:".Length..][..12]);
}

using PsContainers.Images.Content;
using PsContainers.Images.Layers;

namespace PsContainers.Images.Archives;

/// <summary>Writes images of the store as a docker-archive, an OCI archive or an OCI layout folder.</summary>
/// <remarks>
/// Every blob is compared with its digest on the way: what is damaged in the store is an <see cref="ImageFormatException"/>, and no
/// archive. The same images give the same bytes. Blobs are streamed, so that memory does not grow with them.
/// </remarks>
public static class ImageArchiveWriter
{
    /// <param name="overwrite">Whether a file that is there may go; otherwise it is an <see cref="IOException"/>.</param>
    public static void WriteDockerArchive(
        string path, bool overwrite, ContentStore content, IReadOnlyList<ExportedImage> images, CancellationToken stop)
    {
        using var target = TargetFile.Begin(path, content.TargetNotes);
        new DockerArchiveWriter(new TarWriter(target.Stream), new StoredBlobs(content, stop)).Write(images);
        target.Commit(overwrite);
    }

    /// <inheritdoc cref="WriteDockerArchive"/>
    public static void WriteOciArchive(
        string path, bool overwrite, ContentStore content, IReadOnlyList<ExportedImage> images, CancellationToken stop)
    {
        using var target = TargetFile.Begin(path, content.TargetNotes);
        var tar = new TarTarget(new TarWriter(target.Stream));
        new OciLayoutWriter(tar, new StoredBlobs(content, stop)).Write(images);
        tar.Finish();
        target.Commit(overwrite);
    }

    /// <param name="overwrite">Whether a layout that is there may go; any other folder never does.</param>
    public static void WriteOciLayout(
        string path, bool overwrite, ContentStore content, IReadOnlyList<ExportedImage> images, CancellationToken stop)
    {
        using var target = FolderTarget.Begin(path, content.TargetNotes);
        new OciLayoutWriter(target, new StoredBlobs(content, stop)).Write(images);
        target.Commit(overwrite);
    }
}

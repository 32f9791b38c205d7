using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Writes images to one file or folder that other engines read.</summary>
public sealed class ExportImage
{
    private readonly EnginePaths _paths;
    private readonly ImageLookup _lookup;
    private readonly ContentStore _content;

    internal ExportImage(EnginePaths paths, ImageLookup lookup, ContentStore content)
    {
        _paths = paths;
        _lookup = lookup;
        _content = content;
    }

    /// <exception cref="ContainerEngineException">
    /// ImageNotFound, ImageAmbiguous; ExportPathInUse; ImageExportFailed: nothing is left of the file then.
    /// </exception>
    public void Execute(ImageExport export, CancellationToken cancellation = default)
    {
        if (!export.Overwrite && Path.Exists(export.Path))
        {
            throw EngineErrors.ExportPathInUse(export.Path);
        }

        // Shared: what is being read is collected by nobody, even when the image is removed meanwhile.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        var images = export.Images
            .Select(image => (Asked: image, Row: _lookup.Resolve(image)))
            .GroupBy(image => image.Row.Id)
            .Select(same => new ExportedImage(
                Digest.Parse(same.First().Row.Manifest),
                [.. same.SelectMany(image => NamesOf(image.Asked, image.Row)).Distinct(StringComparer.Ordinal)]))
            .ToList();
        try
        {
            Write(export, images, cancellation);
        }
        catch (Exception e) when (e is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.ImageExportFailed(export.Path, e.Message, e);
        }
    }

    private void Write(ImageExport export, List<ExportedImage> images, CancellationToken cancellation)
    {
        switch (export.Format)
        {
            case ContainerImageFormat.OciArchive:
                ImageArchiveWriter.WriteOciArchive(export.Path, export.Overwrite, _content, images, cancellation);
                break;
            case ContainerImageFormat.OciLayout:
                ImageArchiveWriter.WriteOciLayout(export.Path, export.Overwrite, _content, images, cancellation);
                break;
            default:
                ImageArchiveWriter.WriteDockerArchive(export.Path, export.Overwrite, _content, images, cancellation);
                break;
        }
    }

    private static IReadOnlyList<string> NamesOf(string asked, ImageRow row) =>
        ImageLookup.CanonicalName(asked) is { } name && row.Names.Contains(name) ? [name] : row.Names;
}

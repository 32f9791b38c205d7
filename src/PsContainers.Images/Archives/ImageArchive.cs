using PsContainers.Images.Content;
using PsContainers.Images.Layers;

namespace PsContainers.Images.Archives;

/// <summary>Imports images from a docker-archive, an OCI archive or an OCI layout folder, told apart by what they hold.</summary>
public static class ImageArchive
{
    /// <summary>Reads every image of the archive, all of them or none.</summary>
    public static StagedImport Stage(
        string path, ContentStore content, LayerStore layers, LayerLimits limits, CancellationToken stop = default)
    {
        var staging = new ImageStaging(content, layers, limits, stop);
        return StagedImport.Of(path, staging, () =>
        {
            using var files = Open(path, staging);
            return Merge(Import(files, staging));
        });
    }

    private static IImageFiles Open(string path, ImageStaging staging) => Directory.Exists(path)
        ? new FolderFiles(Path.GetFullPath(path))
        : new TarFiles(ArchiveFile.OpenPlain(path, staging), staging.Stop);

    // Docker writes both forms into one archive; the OCI one has the manifest that the image's digest is of.
    private static IReadOnlyList<ImportedImage> Import(IImageFiles files, ImageStaging staging)
    {
        if (IsThere(files, OciLayout.Marker))
        {
            return new OciLayout(files, staging).Import();
        }

        if (IsThere(files, DockerArchive.List))
        {
            return new DockerArchive(files, staging).Import();
        }

        return IsThere(files, OciLayout.Index)
            ? new OciLayout(files, staging).Import()
            : throw new ImageFormatException(
                $"it holds no image: there is neither {OciLayout.Marker} nor {DockerArchive.List} "
                + "(a root file system is imported as such)");
    }

    private static bool IsThere(IImageFiles files, string path)
    {
        using var file = files.TryOpen(path);
        return file is not null;
    }

    // An image that is listed once for each of its names is one image.
    private static List<ImportedImage> Merge(IReadOnlyList<ImportedImage> images) => [.. images
        .GroupBy(image => image.ManifestDigest)
        .Select(same => same.First() with { Names = [.. same.SelectMany(image => image.Names).Distinct(StringComparer.Ordinal)] })];
}

using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;

namespace PsContainers.Engine.Images;

/// <summary>Brings images into the store from an archive, a layout folder or a root file system.</summary>
public sealed class ImportImage
{
    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly ImageCollection _collection;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;

    internal ImportImage(EnginePaths paths, ImageTable images, ImageCollection collection, ContentStore content, LayerStore layers)
    {
        _paths = paths;
        _images = images;
        _collection = collection;
        _content = content;
        _layers = layers;
    }

    public IReadOnlyList<ContainerImage> Execute(ImageImport import, CancellationToken cancellation = default)
    {
        if (!Path.Exists(import.Path))
        {
            throw EngineErrors.ImagePathNotFound(import.Path);
        }

        var name = import.Name is null ? null : CanonicalName(import.Name);
        _collection.ClearAbandonedImports();

        // Shared: imports run beside each other, and what they bring is collected by nobody until its row stands.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        var images = new List<ContainerImage>();
        foreach (var imported in Read(import, name, cancellation))
        {
            var row = new ImageRow(
                imported.ConfigDigest.ToString(),
                imported.ManifestDigest.ToString(),
                imported.Config,
                imported.Size,
                DateTime.UtcNow,
                name is null ? [.. imported.Names.Select(CanonicalName)] : [name],
                imported.ChainIds);
            _images.Put(row);
            images.Add(ImageModel.Of(_images.Find(row.Id)!));
        }

        return images;
    }

    private IReadOnlyList<ImportedImage> Read(ImageImport import, string? name, CancellationToken cancellation)
    {
        try
        {
            if (import.RootFileSystem)
            {
                return name is null
                    ? throw EngineErrors.ImageNameInvalid(null, "a root file system has no name of its own; give one with -Name")
                    : [RootFileSystemImport.Import(import.Path, _content, _layers, cancellation)];
            }

            var images = ImageArchive.Import(import.Path, _content, _layers, cancellation);
            return name is not null && images.Count > 1
                ? throw EngineErrors.ImageNameInvalid(import.Name, $"'{import.Path}' holds {images.Count} images, which cannot share one name")
                : images;
        }
        catch (ImageFormatException e)
        {
            throw EngineErrors.ImageInvalid(import.Path, e.Message, e);
        }
    }

    private static string CanonicalName(string name) => ImageLookup.CanonicalName(name)
        ?? throw EngineErrors.ImageNameInvalid(name, $"'{name}' is not an image name such as busybox, debian:12 or registry.example/team/app:1");
}

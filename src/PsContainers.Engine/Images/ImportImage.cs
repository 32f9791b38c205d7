using System.Data.Common;
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

        var name = import.Name is null ? null : ImageName.Canonical(import.Name);
        _collection.CollectAbandoned();
        try
        {
            return Import(import, name, cancellation);
        }
        finally
        {
            _collection.CollectAbandoned();
        }
    }

    private List<ContainerImage> Import(ImageImport import, string? name, CancellationToken cancellation)
    {
        // Shared: imports run beside each other, and what they bring is collected by nobody until its row stands.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        try
        {
            using var staged = Stage(import, name, cancellation);
            var rows = Rows(import, staged.Images, name);
            _collection.Commit(staged, rows);
            return [.. rows.Select(row => ImageModel.Of(_images.Find(row.Id) ?? row))];
        }
        catch (ImageFormatException e)
        {
            throw EngineErrors.ImageInvalid(import.Path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            // A full disk, an unreadable medium: the image may be fine, but the path in the message may be one of its own.
            throw EngineErrors.ImageImportFailed(import.Path, ForeignText.Readable(e.Message), e);
        }
    }

    private StagedImport Stage(ImageImport import, string? name, CancellationToken cancellation)
    {
        if (!import.RootFileSystem)
        {
            return ImageArchive.Stage(import.Path, _content, _layers, LayerLimits.Default, cancellation);
        }

        return name is null
            ? throw EngineErrors.ImageNameInvalid(null, "a root file system has no name of its own; give one with -Name")
            : RootFileSystemImport.Stage(import.Path, _content, _layers, LayerLimits.Default, [_paths.Root, _paths.Run], cancellation);
    }

    private static List<ImageRow> Rows(ImageImport import, IReadOnlyList<ImportedImage> images, string? name)
    {
        if (name is not null && images.Count > 1)
        {
            throw EngineErrors.ImageNameInvalid(
                import.Name, $"'{import.Path}' holds {images.Count} images, which cannot share one name");
        }

        return [.. images.Select(image => ImageRow.Of(image, name is null ? [.. image.Names.Select(ImageName.Canonical)] : [name]))];
    }
}

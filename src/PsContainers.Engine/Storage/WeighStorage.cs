using PsContainers.Engine.Containers;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;

namespace PsContainers.Engine.Storage;

/// <summary>Tells how many bytes a command would be about, before anything is done.</summary>
public sealed class WeighStorage
{
    private readonly ImageLookup _images;
    private readonly ContainerLookup _containers;
    private readonly Snapshots _snapshots;
    private readonly StorageNeeds _needs;

    internal WeighStorage(ImageLookup images, ContainerLookup containers, Snapshots snapshots, StorageNeeds needs)
    {
        _images = images;
        _containers = containers;
        _snapshots = snapshots;
        _needs = needs;
    }

    /// <summary>An image with the bytes of all its files.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, ImageAmbiguous</exception>
    public ContainerStorageItem Image(string image)
    {
        var row = _images.Resolve(image);
        return Item(row, row.Size);
    }

    /// <summary>An image with the bytes that go with it: none, when only one name of several would be taken off.</summary>
    /// <inheritdoc cref="Image"/>
    public ContainerStorageItem ImageToRemove(string image)
    {
        var row = _images.Resolve(image);
        var isNameAlone = ImageLookup.CanonicalName(image) is { } name && row.Names.Contains(name) && row.Names.Count > 1;
        return Item(row, isNameAlone ? 0 : _needs.Freed([row]).Sum(freed => freed.Size));
    }

    /// <summary>A container with the bytes that it wrote.</summary>
    /// <exception cref="ContainerEngineException">ContainerNotFound, ContainerAmbiguous</exception>
    public ContainerStorageItem Container(string container)
    {
        var row = _containers.Resolve(container);
        return new()
        {
            Kind = ContainerStorageItemKind.Container,
            Name = row.Name,
            Id = row.Id,
            Size = _snapshots.WritableLayerOf(row.Id) is { } layer ? TreeSize.Of(layer) : 0,
        };
    }

    private static ContainerStorageItem Item(ImageRow row, long size) => new()
    {
        Kind = ContainerStorageItemKind.Image,
        Name = ImageModel.Of(row).Name,
        Id = row.Id,
        Size = size,
    };
}

using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>Tells what a container has changed of its image's files.</summary>
/// <remarks>Looks at the container's writable layer and at what lies below its entries, at nothing else.</remarks>
public sealed class CompareContainer
{
    private readonly ContainerLookup _lookup;
    private readonly ImageTable _images;
    private readonly Snapshots _snapshots;

    internal CompareContainer(ContainerLookup lookup, ImageTable images, Snapshots snapshots)
    {
        _lookup = lookup;
        _images = images;
        _snapshots = snapshots;
    }

    /// <exception cref="ContainerEngineException">ContainerNotFound, ContainerAmbiguous, CompareFailed</exception>
    public IReadOnlyList<ContainerChange> Execute(string container, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(container);
        var image = _images.Find(row.ImageId) ?? throw EngineErrors.ImageNotFound(row.ImageName);
        var layers = _snapshots.LayersOf(image.Chains);
        if (_snapshots.WritableLayerOf(row.Id) is not { } writable)
        {
            return [];
        }

        try
        {
            var traces = new MountPointTraces(layers);
            var changes = LayerComparison.Compare(layers, [writable, .. layers], traces.Contains, cancellation);
            return [.. changes.Select(change => ChangeModel.Of(change, row.Name))];
        }
        catch (Exception e) when (e is ImageFormatException or LinuxException)
        {
            throw EngineErrors.CompareFailed(row.Name, e);
        }
    }
}

using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>Tells in which files one image differs from another. Layers that both have are not looked at.</summary>
public sealed class CompareImages
{
    private readonly EnginePaths _paths;
    private readonly ImageLookup _lookup;
    private readonly Snapshots _snapshots;

    internal CompareImages(EnginePaths paths, ImageLookup lookup, Snapshots snapshots)
    {
        _paths = paths;
        _lookup = lookup;
        _snapshots = snapshots;
    }

    /// <exception cref="ContainerEngineException">ImageNotFound, ImageAmbiguous, CompareFailed</exception>
    public IReadOnlyList<ContainerChange> Execute(string reference, string difference, CancellationToken cancellation = default)
    {
        // Shared: the layers stay while they are compared.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        var (before, after) = (_lookup.Resolve(reference), _lookup.Resolve(difference));
        try
        {
            var changes = LayerComparison.Compare(LayersOf(before), LayersOf(after), static (_, _) => false, cancellation);
            return [.. changes.Select(change => ChangeModel.Of(change, difference))];
        }
        catch (Exception e) when (e is ImageFormatException or LinuxException)
        {
            throw EngineErrors.CompareFailed(difference, e);
        }
    }

    private IReadOnlyList<string> LayersOf(ImageRow row) => _snapshots.LayersOf(row.Chains);
}

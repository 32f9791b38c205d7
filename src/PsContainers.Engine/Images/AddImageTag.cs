using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Images;

/// <summary>Gives an image further names. A name that another image has moves.</summary>
public sealed class AddImageTag
{
    private readonly ImageTable _images;
    private readonly ImageLookup _lookup;

    internal AddImageTag(ImageTable images, ImageLookup lookup)
    {
        _images = images;
        _lookup = lookup;
    }

    /// <summary>All names are given, or none.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, ImageNameInvalid</exception>
    public ContainerImage Execute(string image, params IReadOnlyList<string> tags)
    {
        var names = tags.Select(ImageName.Canonical).ToList();
        var row = _lookup.Resolve(image);
        return _images.TryAddNames(row.Id, names) && _images.Find(row.Id) is { } named
            ? ImageModel.Of(named)
            : throw EngineErrors.ImageNotFound(image);
    }
}

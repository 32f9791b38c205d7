namespace PsContainers.Engine.Images;

/// <summary>Finds one image by name, digest or beginning of its id.</summary>
public sealed class GetImage
{
    private readonly ImageLookup _lookup;

    internal GetImage(ImageLookup lookup) => _lookup = lookup;

    public ContainerImage Execute(string image) => ImageModel.Of(_lookup.Resolve(image));
}

using PsContainers.Engine.Store;

namespace PsContainers.Engine.Images;

/// <summary>Lists the images of the store.</summary>
public sealed class GetImages
{
    private readonly ImageTable _images;

    internal GetImages(ImageTable images) => _images = images;

    public IReadOnlyList<ContainerImage> Execute() => [.. _images.All().Select(ImageModel.Of)];
}

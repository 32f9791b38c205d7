using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Images;

/// <summary>Takes a name off an image, which stays even when that was its last one.</summary>
public sealed class RemoveImageTag
{
    private readonly ImageTable _images;

    internal RemoveImageTag(ImageTable images) => _images = images;

    /// <exception cref="ContainerEngineException">ImageNotFound: no image has the name. An id is no name.</exception>
    public void Execute(string tag)
    {
        if (ImageLookup.CanonicalName(tag) is not { } name || _images.RemoveName(name) == 0)
        {
            throw EngineErrors.ImageNotFound(tag);
        }
    }
}

using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Tells a container image from other things that manifests describe.</summary>
internal static class ContainerImageManifest
{
    /// <summary>What of the manifest no container image has; null when it is one.</summary>
    internal static Descriptor? Strange(ImageManifest manifest) => MediaTypes.IsConfig(manifest.Config.MediaType)
        ? manifest.Layers.FirstOrDefault(layer => !MediaTypes.IsLayer(layer.MediaType))
        : manifest.Config;

    /// <summary>Refuses what cannot become a container, and layers that the registry does not have itself.</summary>
    /// <exception cref="ImageFormatException">Names the media type.</exception>
    internal static void Check(ImageManifest manifest)
    {
        if (Strange(manifest) is { } strange)
        {
            throw new ImageFormatException($"it is not a container image: its manifest lists '{strange.MediaType}'");
        }

        if (manifest.Layers.FirstOrDefault(layer => MediaTypes.IsForeign(layer.MediaType)) is { } foreign)
        {
            throw new ImageFormatException(
                $"layer {foreign.Digest} is of the type '{foreign.MediaType}', which no registry hands out: it may not be distributed");
        }
    }
}

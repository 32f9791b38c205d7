using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Engine.Storage;

/// <summary>A layer where an image has it.</summary>
/// <param name="Parent">What it lies on; null for the lowest.</param>
internal readonly record struct ImageLayerPlace(Digest Chain, Digest? Parent, Digest DiffId, Descriptor Archive)
{
    /// <summary>The layers of an image, the lowest first; none when its manifest is missing or damaged.</summary>
    public static IReadOnlyList<ImageLayerPlace> Of(ImageRow row, ContentStore content)
    {
        try
        {
            return StoredManifest.TryRead(content, row) is { } manifest
                ? [.. row.Chains.Select((chain, i) => new ImageLayerPlace(
                    chain, i == 0 ? null : row.Chains[i - 1], row.Config.RootFs.DiffIds![i], manifest.Layers[i]))]
                : [];
        }
        catch (ContainerEngineException)
        {
            // That it is damaged is found among the blobs.
            return [];
        }
    }
}

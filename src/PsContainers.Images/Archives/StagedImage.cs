using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>An image whose configuration and layers are staged.</summary>
/// <param name="Layers">Descriptors of the layers as archived, fit for a manifest.</param>
internal sealed record StagedImage(
    StoredBlob ConfigBlob,
    ImageConfig Config,
    IReadOnlyList<Descriptor> Layers,
    IReadOnlyList<Digest> DiffIds,
    IReadOnlyList<Digest> ChainIds)
{
    internal ImportedImage Named(Digest manifest, IReadOnlyList<string> names) =>
        new(manifest, ConfigBlob.Digest, names, DiffIds, ChainIds, Config, Layers.Sum(layer => layer.Size));
}

using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>An image whose configuration and layers are staged.</summary>
/// <param name="Layers">Descriptors of the layers as archived, fit for a manifest.</param>
/// <param name="Unpacked">The same layers as unpacked, the lowest first.</param>
internal sealed record StagedImage(
    StoredBlob ConfigBlob,
    ImageConfig Config,
    IReadOnlyList<Descriptor> Layers,
    IReadOnlyList<UnpackedLayer> Unpacked)
{
    // Of the files and not of the archives: however the same image comes, compressed or not, its size is the same.
    internal ImportedImage Named(Digest manifest, IReadOnlyList<string> names) => new(
        manifest,
        ConfigBlob.Digest,
        names,
        [.. Unpacked.Select(layer => layer.DiffId)],
        [.. Unpacked.Select(layer => layer.ChainId)],
        Config,
        Unpacked.Sum(layer => layer.Size));
}

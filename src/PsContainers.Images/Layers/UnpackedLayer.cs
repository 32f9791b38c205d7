using PsContainers.Oci;

namespace PsContainers.Images.Layers;

/// <summary>A layer on disk.</summary>
/// <param name="DiffId">Digest of the uncompressed archive.</param>
/// <param name="ChainId">Digest of this layer and all below it.</param>
/// <param name="Size">Bytes of its regular files.</param>
/// <param name="Entries">Entries of its archive.</param>
public sealed record UnpackedLayer(Digest DiffId, Digest ChainId, long Size, int Entries);

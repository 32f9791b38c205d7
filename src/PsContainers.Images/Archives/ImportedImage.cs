using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>An image of an import.</summary>
/// <param name="Names">As the archive has them, completed: `docker.io/library/busybox:latest`.</param>
/// <param name="Size">Bytes of the files of all layers, unpacked.</param>
public sealed record ImportedImage(
    Digest ManifestDigest,
    Digest ConfigDigest,
    IReadOnlyList<string> Names,
    IReadOnlyList<Digest> DiffIds,
    IReadOnlyList<Digest> ChainIds,
    ImageConfig Config,
    long Size);

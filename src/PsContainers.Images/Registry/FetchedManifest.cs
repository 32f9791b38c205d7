using PsContainers.Oci;

namespace PsContainers.Images.Registry;

/// <summary>A manifest or an index as a registry has it: the bytes are the ones that the digest names.</summary>
/// <param name="MediaType">One of <see cref="MediaTypes"/> that is a manifest or an index.</param>
public sealed record FetchedManifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Bytes);

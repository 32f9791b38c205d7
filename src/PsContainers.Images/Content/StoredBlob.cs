using PsContainers.Oci;

namespace PsContainers.Images.Content;

/// <summary>Content that was stored: its digest and its length.</summary>
public readonly record struct StoredBlob(Digest Digest, long Size);

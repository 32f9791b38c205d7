using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>Opens a blob of a registry from a byte on.</summary>
public delegate Task<Stream> BlobSource(Descriptor blob, long offset, CancellationToken stop);

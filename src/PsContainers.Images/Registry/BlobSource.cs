using PsContainers.Oci;

namespace PsContainers.Images.Registry;

/// <summary>Opens a blob, of a registry or of the store, from a byte on. May be asked several times, from several threads.</summary>
public delegate Task<Stream> BlobSource(Descriptor blob, long offset, CancellationToken stop);

using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>An image that a registry has taken.</summary>
/// <param name="Manifest">What an index says of it.</param>
/// <param name="Size">Bytes of configuration and layers.</param>
/// <param name="Sent">Bytes of those that the registry did not have.</param>
public sealed record UploadedImage(Descriptor Manifest, long Size, long Sent);

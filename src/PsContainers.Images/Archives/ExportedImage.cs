using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>An image to be written to an archive.</summary>
/// <param name="Names">Canonical: `docker.io/library/busybox:latest`; may be none.</param>
public sealed record ExportedImage(Digest Manifest, IReadOnlyList<string> Names);

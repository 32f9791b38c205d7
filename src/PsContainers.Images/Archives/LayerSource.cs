using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Where a layer's archive comes from.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Digest">What the archive as it is must hash to, where somebody said it.</param>
/// <param name="Length">How long it must be, where somebody said it.</param>
internal sealed record LayerSource(string Name, Digest? Digest, long? Length, Func<Stream> Open);

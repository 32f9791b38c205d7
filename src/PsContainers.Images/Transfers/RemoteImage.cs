using PsContainers.Images.Archives;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>An image in a registry, chosen for a platform.</summary>
/// <param name="Manifest">The manifest as it is there.</param>
/// <param name="Origin">What the name itself stands for: the manifest, or an index that lists it among others.</param>
public sealed record RemoteImage(FetchedManifest Manifest, Digest Origin)
{
    // Nobody nests more than once.
    private const int MaximumDepth = 4;

    /// <summary>Follows indexes down to the manifest of the platform.</summary>
    /// <param name="platform">Null takes the first that this machine runs.</param>
    /// <exception cref="ImageFormatException">The index has none for the platform, or cannot be read.</exception>
    /// <exception cref="RegistryException">The registry did not give it.</exception>
    public static async Task<RemoteImage> FindAsync(RegistryClient registry, Platform platform, CancellationToken stop)
    {
        var found = await registry.GetManifestAsync(stop).ConfigureAwait(false);
        var origin = found.Digest;
        for (var depth = 0; MediaTypes.IsIndex(found.MediaType); depth++)
        {
            if (depth == MaximumDepth)
            {
                throw new ImageFormatException($"indexes are nested more than {MaximumDepth} deep");
            }

            var index = Documents.Read(found.Bytes.Span, $"the index {found.Digest}", ImageDocument.ReadIndex);
            var chosen = Choose([.. index.Manifests.Where(IndexEntries.IsImage)], platform);
            found = await registry.GetManifestAsync(chosen.Digest, stop).ConfigureAwait(false);
        }

        return new(found, origin);
    }

    /// <summary>The one of an index's images that fits the platform best.</summary>
    /// <exception cref="ImageFormatException">None does.</exception>
    public static Descriptor Choose(IReadOnlyList<Descriptor> images, Platform platform) =>
        images.FirstOrDefault(entry => entry.Platform is { } own && platform.Runs(own) && own.Variant == platform.Variant)
            ?? images.FirstOrDefault(entry => entry.Platform is null || platform.Runs(entry.Platform))
            ?? throw new ImageFormatException(images.Count == 0
                ? "the index lists no image"
                : $"there is no image for {platform}, only for {string.Join(", ", images.Select(entry => entry.Platform).Distinct())}");
}

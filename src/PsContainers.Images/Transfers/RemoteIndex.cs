using PsContainers.Images.Archives;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>What a name in a registry stands for: an index of images, or one image alone.</summary>
/// <param name="Document">The index, or the image's manifest.</param>
/// <param name="Images">Every image that the index lists, or the one, each with its platform where anybody says it.</param>
public sealed record RemoteIndex(
    FetchedManifest Document, IReadOnlyList<Descriptor> Images, IReadOnlyDictionary<string, string?> Annotations)
{
    private static readonly Dictionary<string, string?> _noAnnotations = [];

    /// <exception cref="ImageFormatException">A document cannot be read, or is of another kind.</exception>
    /// <exception cref="RegistryException">The registry did not give it.</exception>
    public static async Task<RemoteIndex> ReadAsync(RegistryClient registry, CancellationToken stop)
    {
        var found = await registry.GetManifestAsync(stop).ConfigureAwait(false);
        if (MediaTypes.IsIndex(found.MediaType))
        {
            var index = Documents.Read(found.Bytes.Span, $"the index {found.Digest}", ImageDocument.ReadIndex);
            return new(found, [.. index.Manifests.Where(IndexEntries.IsImage)], index.Annotations ?? _noAnnotations);
        }

        var manifest = Documents.Read(found.Bytes.Span, "the manifest", ImageDocument.ReadManifest);
        ContainerImageManifest.Check(manifest);
        var config = await RemoteConfig.ReadAsync(registry.OpenBlobAsync, manifest.Config, stop).ConfigureAwait(false);
        var image = new Descriptor
        {
            MediaType = found.MediaType,
            Digest = found.Digest,
            Size = found.Bytes.Length,
            Platform = Documents.Read(config, "the configuration", ImageDocument.ReadConfig).Platform,
        };
        return new(found, [image], manifest.Annotations ?? _noAnnotations);
    }
}

using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Manifests;

/// <summary>The object that scripts see of an image on a list.</summary>
internal static class ManifestImageModel
{
    public static ContainerManifestImage Of(string list, ContainerImage image, ManifestEntrySettings settings) =>
        Of(list, image.Name, image.Digest, isLocal: true, settings.Platform, settings.Annotations);

    /// <param name="repository">Of the registry that has the image.</param>
    public static ContainerManifestImage Of(string list, string repository, Descriptor manifest, ManifestEntrySettings settings) =>
        Remote(list, repository, manifest.Digest, settings.Platform, settings.Annotations);

    /// <summary>An image on an index in a registry.</summary>
    public static ContainerManifestImage Of(string list, string repository, Descriptor manifest) =>
        Remote(list, repository, manifest.Digest, manifest.Platform, manifest.Annotations);

    private static ContainerManifestImage Remote(
        string list, string repository, Digest digest, Platform? platform, IReadOnlyDictionary<string, string?>? annotations) => Of(
        list, ImageReference.Parse($"{repository}@{digest}").FamiliarName, digest.ToString(), isLocal: false, platform, annotations);

    private static ContainerManifestImage Of(
        string list,
        string image,
        string digest,
        bool isLocal,
        Platform? platform,
        IReadOnlyDictionary<string, string?>? annotations) => new()
        {
            Manifest = list,
            Image = image,
            Digest = digest,
            IsLocal = isLocal,
            Platform = platform?.ToString() ?? "",
            OperatingSystem = platform?.Os ?? "",
            Architecture = platform?.Architecture ?? "",
            Variant = platform?.Variant,
            OsVersion = platform?.OsVersion,
            OsFeatures = platform?.OsFeatures ?? [],
            Annotations = annotations ?? new Dictionary<string, string?>(),
        };
}

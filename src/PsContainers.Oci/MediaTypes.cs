namespace PsContainers.Oci;

/// <summary>The media types of image documents and layers, of the OCI and of Docker's schema 2.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md</remarks>
public static class MediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string LayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    public static bool IsIndex(string mediaType) => mediaType is Index or DockerManifestList;

    public static bool IsManifest(string mediaType) => mediaType is Manifest or DockerManifest;

    public static bool IsConfig(string mediaType) => mediaType is Config or DockerConfig;

    /// <summary>Whether it is a layer of files, whatever its compression: that is told from its first bytes.</summary>
    /// <remarks>Layers that may not be distributed are layers all the same.</remarks>
    public static bool IsLayer(string mediaType) => mediaType is Layer or LayerGzip or LayerZstd or DockerLayerGzip
        || mediaType.StartsWith("application/vnd.docker.image.rootfs.diff.tar", StringComparison.Ordinal)
        || IsForeign(mediaType);

    /// <summary>Whether it is a layer that a registry need not have, since it may not be distributed.</summary>
    public static bool IsForeign(string mediaType) =>
        mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.v1.tar", StringComparison.Ordinal)
        || mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.diff.tar", StringComparison.Ordinal);
}

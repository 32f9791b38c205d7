namespace PsContainers;

/// <summary>How images are kept in a file or folder.</summary>
public enum ContainerImageFormat
{
    /// <summary>What `docker save` and `podman save` write by default: layers uncompressed, a manifest.json beside them.</summary>
    DockerArchive,

    /// <summary>An OCI layout in one tar file: every blob as it came, under its digest.</summary>
    OciArchive,

    /// <summary>An OCI layout as a folder.</summary>
    OciLayout,
}

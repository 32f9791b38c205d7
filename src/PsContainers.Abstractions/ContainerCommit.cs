namespace PsContainers;

/// <summary>How a container becomes an image. What is not set stays as the container has it.</summary>
public sealed record ContainerCommit
{
    /// <summary>The image's name; null makes an image that has none.</summary>
    public string? Name { get; init; }

    public string? Author { get; init; }

    /// <summary>The comment of the new step in the image's history.</summary>
    public string? Message { get; init; }

    /// <summary>Whether a running container goes on while its files are read.</summary>
    public bool NoPause { get; init; }

    /// <summary>Drops the command too, unless that is set as well.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Added to those of the container.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Added to those of the container.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? User { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary><c>80</c>, <c>80/tcp</c>, <c>53/udp</c>; added to those of the image.</summary>
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <summary>Absolute paths; added to those of the image.</summary>
    public IReadOnlyList<string>? Volumes { get; init; }

    public string? StopSignal { get; init; }
}

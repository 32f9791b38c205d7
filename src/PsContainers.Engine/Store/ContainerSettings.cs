namespace PsContainers.Engine.Store;

/// <summary>What was decided when a container was made: the creation's request over the image's defaults.</summary>
/// <remarks>Kept as JSON in the container's row; a member added later needs a default, so that older rows can be read.</remarks>
internal sealed record ContainerSettings
{
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary><c>NAME=value</c>, in the order the process gets them.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    public required string User { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>Null: derived from the id, or the host's own name on the host's network.</summary>
    public string? Hostname { get; init; }

    public required NetworkMode Network { get; init; }

    public long? Memory { get; init; }

    public double? Cpus { get; init; }

    public long? PidsLimit { get; init; }

    public bool ReadOnly { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required int StopSignal { get; init; }

    /// <summary>What the container calls itself: as asked, the host's name on the host's network, else the id's beginning.</summary>
    public string HostnameOf(string id) => Hostname ?? (Network == NetworkMode.Host ? System.Environment.MachineName : id[..12]);
}

namespace PsContainers;

/// <summary>One line that a container wrote.</summary>
public sealed record ContainerLogEntry
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    public required DateTime Timestamp { get; init; }

    public required OutputStream Stream { get; init; }

    /// <summary>The line without its end.</summary>
    public required string Text { get; init; }

    public override string ToString() => Text;
}

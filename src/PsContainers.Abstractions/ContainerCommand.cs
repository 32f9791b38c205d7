namespace PsContainers;

/// <summary>A command to run in a container that runs already; what is left out is as the container's own process has it.</summary>
public sealed record ContainerCommand
{
    /// <summary>The container's name, id or beginning of an id.</summary>
    public required string Container { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Set over the container's own.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary><c>name|uid[:group|gid]</c>, looked up inside.</summary>
    public string? User { get; init; }

    /// <summary>An absolute path inside.</summary>
    public string? WorkingDirectory { get; init; }
}

namespace PsContainers;

/// <summary>A failure that a user can act on, with an id that never changes between versions.</summary>
public sealed class ContainerEngineException(
    string message, string errorId, EngineErrorKind kind, object? target = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Stable, such as <c>ContainerNotFound</c>.</summary>
    public string ErrorId { get; } = errorId;

    public EngineErrorKind Kind { get; } = kind;

    /// <summary>What the operation was asked to work on.</summary>
    public object? Target { get; } = target;

    /// <summary>What a foreground run reports: 127 command not found, 126 not executable, 125 any other failure of the engine.</summary>
    public int ExitCode { get; init; } = 125;
}

namespace PsContainers;

/// <summary>How a foreground run ended.</summary>
public sealed record ContainerRun
{
    public required Container Container { get; init; }

    /// <summary>The command's own code, or 128 and the signal that ended it.</summary>
    public required int ExitCode { get; init; }
}

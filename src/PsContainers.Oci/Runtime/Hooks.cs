namespace PsContainers.Oci.Runtime;

/// <summary>Programs that run at fixed points of a container's life, the state on their standard input.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#posix-platform-hooks</remarks>
public sealed record Hooks
{
    /// <summary>Deprecated by the specification, still asked for by older tools.</summary>
    public IReadOnlyList<Hook>? Prestart { get; init; }

    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    public IReadOnlyList<Hook>? StartContainer { get; init; }

    public IReadOnlyList<Hook>? Poststart { get; init; }

    public IReadOnlyList<Hook>? Poststop { get; init; }
}

/// <summary>One such program; the timeout is in seconds.</summary>
public sealed record Hook
{
    public required string Path { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public int? Timeout { get; init; }
}

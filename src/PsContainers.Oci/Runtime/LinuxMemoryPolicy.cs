namespace PsContainers.Oci.Runtime;

/// <summary>The NUMA memory policy of a process, such as <c>MPOL_BIND</c> on nodes <c>0-1</c>. set_mempolicy(2)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#memory-policy</remarks>
public sealed record LinuxMemoryPolicy
{
    public required string Mode { get; init; }

    public string? Nodes { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }
}

namespace PsContainers.Oci.Runtime;

/// <summary>The ids a process runs with, as numbers of the container's user namespace.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#user</remarks>
public sealed record UserSpec
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public uint? Umask { get; init; }

    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}

namespace PsContainers.Oci.Runtime;

/// <summary>What the configuration says about Linux alone.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md</remarks>
public sealed record LinuxSpec
{
    public IReadOnlyList<LinuxIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<LinuxIdMapping>? GidMappings { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public LinuxResources? Resources { get; init; }

    public string? CgroupsPath { get; init; }

    public IReadOnlyList<LinuxNamespace>? Namespaces { get; init; }

    public IReadOnlyList<LinuxDevice>? Devices { get; init; }

    /// <summary>Host network interfaces to move into the container, by their name on the host.</summary>
    public IReadOnlyDictionary<string, LinuxNetDevice>? NetDevices { get; init; }

    public LinuxSeccomp? Seccomp { get; init; }

    public string? RootfsPropagation { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public string? MountLabel { get; init; }

    public LinuxIntelRdt? IntelRdt { get; init; }

    public LinuxMemoryPolicy? MemoryPolicy { get; init; }

    public LinuxPersonality? Personality { get; init; }

    /// <summary>Offsets of the time namespace by clock: <c>monotonic</c>, <c>boottime</c>.</summary>
    public IReadOnlyDictionary<string, LinuxTimeOffset>? TimeOffsets { get; init; }
}

/// <summary>What an interface moved into the container is called there.</summary>
public sealed record LinuxNetDevice
{
    public string? Name { get; init; }
}

/// <summary>The execution domain: <c>LINUX</c> or <c>LINUX32</c>. personality(2)</summary>
public sealed record LinuxPersonality(string Domain, IReadOnlyList<string>? Flags = null);

/// <summary>An offset of one clock. time_namespaces(7)</summary>
public sealed record LinuxTimeOffset(long Secs = 0, uint Nanosecs = 0);

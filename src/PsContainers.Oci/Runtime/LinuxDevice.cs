namespace PsContainers.Oci.Runtime;

/// <summary>A device node to make: type <c>c</c>, <c>b</c>, <c>u</c> or <c>p</c>. mknod(2)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#devices</remarks>
public sealed record LinuxDevice
{
    public required string Path { get; init; }

    public required string Type { get; init; }

    public long Major { get; init; }

    public long Minor { get; init; }

    /// <summary>Permission bits, as a decimal number in JSON.</summary>
    public uint? FileMode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }
}

/// <summary>A rule of the device allow-list; what is left out matches everything, access is a subset of <c>rwm</c>.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#allowed-device-list</remarks>
public sealed record LinuxDeviceCgroup
{
    public required bool Allow { get; init; }

    public string? Type { get; init; }

    public long? Major { get; init; }

    public long? Minor { get; init; }

    public string? Access { get; init; }
}

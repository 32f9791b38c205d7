using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>Weights and throttles of block devices.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#block-io</remarks>
public sealed record LinuxBlockIo
{
    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }

    public IReadOnlyList<LinuxWeightDevice>? WeightDevice { get; init; }

    public IReadOnlyList<LinuxThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    public IReadOnlyList<LinuxThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<LinuxThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<LinuxThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}

/// <summary>The weight of one block device.</summary>
public sealed record LinuxWeightDevice(long Major, long Minor, ushort? Weight = null, ushort? LeafWeight = null);

/// <summary>The rate of one block device, in bytes or operations per second.</summary>
public sealed record LinuxThrottleDevice(long Major, long Minor, ulong Rate);

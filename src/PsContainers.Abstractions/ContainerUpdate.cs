namespace PsContainers;

/// <summary>New limits and ports for a container. What is not set stays as it is.</summary>
public sealed record ContainerUpdate
{
    /// <summary>Bytes; −1 means no limit.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory and swap together, in bytes; −1 means any amount of swap.</summary>
    public long? MemorySwap { get; init; }

    public long? MemoryReservation { get; init; }

    public double? Cpus { get; init; }

    public long? CpuShares { get; init; }

    /// <summary>The processors to run on: <c>0-3,7</c>.</summary>
    public string? CpuSet { get; init; }

    /// <summary>−1 means no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Ports of the host that lead to it, in the place of all that did before.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }

    public bool IsEmpty => this == new ContainerUpdate();
}

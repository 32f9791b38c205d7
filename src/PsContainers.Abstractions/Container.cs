namespace PsContainers;

/// <summary>A container as it was when it was asked for; it does not change with the container.</summary>
public sealed record Container
{
    /// <summary>64 hexadecimal digits; any unique beginning names the container too.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The image as it was named when the container was made.</summary>
    public required string Image { get; init; }

    /// <summary>The digest of the image's configuration, which stays when its name moves on.</summary>
    public required string ImageId { get; init; }

    public required ContainerStatus Status { get; init; }

    /// <summary>The first process and its arguments: entry point, then command.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required DateTime Created { get; init; }

    public DateTime? Started { get; init; }

    public DateTime? Finished { get; init; }

    /// <summary>Set once the container has ended: the command's own code, or 128 and the signal that ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The kernel ended a process of the container because the memory limit was reached.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Why the container could not start, or how its end came to be known.</summary>
    public string? Error { get; init; }

    /// <summary>The first process, as the host numbers it, while the container runs.</summary>
    public int? ProcessId { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Who the command runs as, as written: <c>name|uid[:group|gid]</c>; empty means root.</summary>
    public required string User { get; init; }

    public required string WorkingDirectory { get; init; }

    public required string Hostname { get; init; }

    /// <summary>The networks it is to be on; while it runs, with the addresses it has there.</summary>
    public required IReadOnlyList<NetworkConnection> Network { get; init; }

    /// <summary>Ports of the host that lead to it; while it runs, with the numbers that were chosen.</summary>
    public IReadOnlyList<PortMapping> Port { get; init; } = [];

    /// <summary>What it sees beside its image's files, anonymous volumes by their names.</summary>
    public IReadOnlyList<ContainerMount> Mount { get; init; } = [];

    /// <summary>The memory limit in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>How many processors' worth of time the container may use.</summary>
    public double? Cpus { get; init; }

    /// <summary>How many processes and threads the container may have.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>The limit for memory and swap together, in bytes; −1 for any amount of swap.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Bytes that the kernel leaves the container when memory runs short.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>The weight beside other containers when processors are short.</summary>
    public long? CpuShares { get; init; }

    /// <summary>The processors it runs on: <c>0-3,7</c>.</summary>
    public string? CpuSet { get; init; }

    /// <summary>Everything that the engine itself may do, the container may do too.</summary>
    public bool Privileged { get; init; }

    public IReadOnlyList<string> CapAdd { get; init; } = [];

    public IReadOnlyList<string> CapDrop { get; init; } = [];

    public IReadOnlyList<string> SecurityOption { get; init; } = [];

    public IReadOnlyList<string> Device { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sysctl { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Ulimit { get; init; } = new Dictionary<string, string>();

    /// <summary>The size of <c>/dev/shm</c> in bytes, where it was asked for.</summary>
    public long? ShmSize { get; init; }

    /// <summary>The most bytes that what it writes may take, where that was asked for.</summary>
    public long? StorageSize { get; init; }

    /// <summary><c>Host</c> or <c>Private</c>.</summary>
    public string UserNamespace { get; init; } = "Host";

    /// <summary><c>Private</c>, <c>Host</c> or <c>Container:</c> and an id.</summary>
    public string PidNamespace { get; init; } = "Private";

    public string IpcNamespace { get; init; } = "Private";

    public int? OomScoreAdj { get; init; }

    public bool Init { get; init; }

    public bool Tty { get; init; }

    /// <summary>The number of the signal that <c>Stop-Container</c> sends.</summary>
    public int StopSignal { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>The container is removed when it ends.</summary>
    public bool RemoveOnExit { get; init; }

    public required string LogPath { get; init; }

    public override string ToString() => Name;
}

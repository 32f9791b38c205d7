namespace PsContainers.Oci.Runtime;

/// <summary>The scheduling policy of a process, such as <c>SCHED_BATCH</c>. sched_setattr(2)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process</remarks>
public sealed record LinuxScheduler
{
    public required string Policy { get; init; }

    public int? Nice { get; init; }

    public int? Priority { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public ulong? Runtime { get; init; }

    public ulong? Deadline { get; init; }

    public ulong? Period { get; init; }
}

/// <summary>The I/O scheduling class (such as <c>IOPRIO_CLASS_BE</c>) and priority of a process. ioprio_set(2)</summary>
public sealed record LinuxIoPriority(string Class, int Priority = 0);

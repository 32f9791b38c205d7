using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>The process that a container starts with, or that is executed in it later.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#process</remarks>
public sealed record ProcessSpec
{
    public bool Terminal { get; init; }

    public ConsoleSize? ConsoleSize { get; init; }

    public required UserSpec User { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>The environment as <c>NAME=value</c> strings, handed to execve in this order.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    public required string Cwd { get; init; }

    public LinuxCapabilities? Capabilities { get; init; }

    public IReadOnlyList<PosixRlimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init; }

    public int? OomScoreAdj { get; init; }

    public LinuxScheduler? Scheduler { get; init; }

    public string? SelinuxLabel { get; init; }

    public LinuxIoPriority? IoPriority { get; init; }

    [JsonPropertyName("execCPUAffinity")]
    public CpuAffinity? ExecCpuAffinity { get; init; }
}

/// <summary>The terminal's size in characters.</summary>
public sealed record ConsoleSize(uint Height, uint Width);

/// <summary>CPUs to run on before and after the process has entered the container's cgroup, as lists such as <c>0-3,7</c>.</summary>
public sealed record CpuAffinity
{
    public string? Initial { get; init; }

    public string? Final { get; init; }
}

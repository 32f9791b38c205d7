namespace PsContainers.Oci.Runtime;

/// <summary>A system call filter. seccomp(2)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#seccomp</remarks>
public sealed record LinuxSeccomp
{
    public required SeccompAction DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Names such as <c>SCMP_ARCH_X86_64</c>; the native architecture is always among them.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public string? ListenerPath { get; init; }

    public string? ListenerMetadata { get; init; }

    public IReadOnlyList<LinuxSyscall>? Syscalls { get; init; }
}

/// <summary>One rule: the calls, the conditions that must all hold on their arguments, and what then happens.</summary>
public sealed record LinuxSyscall
{
    public required IReadOnlyList<string> Names { get; init; }

    public required SeccompAction Action { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<LinuxSeccompArg>? Args { get; init; }
}

/// <summary>A condition on one of the six arguments; for <c>MaskedEqual</c> the first value is the mask.</summary>
public sealed record LinuxSeccompArg(uint Index, ulong Value, SeccompOperator Op, ulong ValueTwo = 0);

using System.Runtime.InteropServices;

namespace PsContainers.Runtime.Launch;

/// <summary>What the supervisor tells whoever started it, on the status pipe: one fixed head, then the text.</summary>
/// <remarks>At most 4,096 bytes (PIPE_BUF), so a message is written and read whole. pipe(7).</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct StatusMessage
{
    /// <summary>Most bytes of text behind the head.</summary>
    public const int MaximumText = 2048;

    public StatusKind Kind;

    /// <summary>Started: the first process's pid. Failed: the error number. Exited: the exit code.</summary>
    public int Value;

    /// <summary>Failed: the <see cref="StepKind"/> that failed. Exited: the signal, or 0.</summary>
    public int Detail;

    /// <summary>Exited: 1 when the kernel killed for memory.</summary>
    public int OomKilled;

    public int TextLength;

    /// <summary>What an Exited message says, with the time of its arrival.</summary>
    public readonly ExitRecord ToExitRecord() =>
        new(Value, Detail, OomKilled != 0, (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100);
}

/// <summary>The three things that a supervisor can say.</summary>
public enum StatusKind
{
    None = 0,
    Started = 1,
    Failed = 2,
    Exited = 3,
}

/// <summary>A request on the control socket (AF_UNIX, SOCK_SEQPACKET): one packet each way, little endian.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ControlRequest
{
    public ControlOperation Operation;
    public int Argument;
}

/// <summary>What the control socket can be asked for.</summary>
public enum ControlOperation
{
    /// <summary>Answers with the <see cref="StatusMessage"/> of the exit, when it comes.</summary>
    Wait = 1,

    /// <summary>Sends signal Argument to the first process; answers 0 or −errno as an int.</summary>
    Signal = 2,

    /// <summary>Sets the size of the container's terminal: rows in the high, columns in the low 16 bits; answers 0 or −errno.</summary>
    Resize = 3,
}

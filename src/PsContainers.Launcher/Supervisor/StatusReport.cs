using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Supervisor;

/// <summary>Writes to the status pipe. Nobody may be reading any more; then the write fails and nothing is lost.</summary>
internal static unsafe class StatusReport
{
    internal static void Send(int fd, StatusKind kind, int value, int detail, int oomKilled)
    {
        var message = new StatusMessage { Kind = kind, Value = value, Detail = detail, OomKilled = oomKilled };
        Kernel.WriteAll(fd, (byte*)&message, sizeof(StatusMessage));
    }

    internal static void SendFailure(int fd, Failure failure, ref Text text)
    {
        var buffer = stackalloc byte[sizeof(StatusMessage) + StatusMessage.MaximumText];
        *(StatusMessage*)buffer = new StatusMessage
        {
            Kind = StatusKind.Failed,
            Value = failure.Errno,
            Detail = (int)failure.Kind,
            TextLength = text.Length,
        };
        new ReadOnlySpan<byte>(text.Pointer, text.Length).CopyTo(new Span<byte>(buffer + sizeof(StatusMessage), text.Length));
        Kernel.WriteAll(fd, buffer, sizeof(StatusMessage) + text.Length);
    }
}

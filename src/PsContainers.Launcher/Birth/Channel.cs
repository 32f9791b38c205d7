using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Birth;

/// <summary>Packets on the socket pair between launcher and process.</summary>
internal static unsafe class Channel
{
    internal static int Send(int fd, LaunchMessage message)
    {
        var sent = Kernel.Send(fd, (byte*)&message, sizeof(LaunchMessage));
        return sent < 0 ? (int)sent : 0;
    }

    internal static int Send(int fd, LaunchMessageKind kind, int value = 0) =>
        Send(fd, new LaunchMessage { Kind = kind, Value = value });

    /// <summary>1 with a message, 0 when the other end is gone, −errno.</summary>
    internal static int Receive(int fd, out LaunchMessage message)
    {
        fixed (LaunchMessage* m = &message)
        {
            var received = Kernel.ReceiveBlocking(fd, (byte*)m, sizeof(LaunchMessage));
            return received <= 0 ? (int)received : received == sizeof(LaunchMessage) ? 1 : -(int)Errno.EPROTO;
        }
    }

    /// <summary>Waits for this one message; anything else, or the other end's death, is an error.</summary>
    internal static int Expect(int fd, LaunchMessageKind kind)
    {
        var result = Receive(fd, out var message);
        return result == 0 ? -(int)Errno.EPIPE : result < 0 ? result : message.Kind == kind ? 0 : -(int)Errno.EPROTO;
    }
}

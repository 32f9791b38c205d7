using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PsContainers.Linux;

namespace PsContainers.Runtime.Launch;

/// <summary>A connection to a running container's supervisor, from any process that may reach its run directory.</summary>
/// <remarks>The supervisor alone can wait for the container and signal it without ever meeting a reused pid.</remarks>
public sealed class ContainerControl : IDisposable
{
    public const string SocketName = "control.sock";
    private readonly UnixSocket _socket;

    private ContainerControl(UnixSocket socket) => _socket = socket;

    /// <summary>
    /// Connects, or returns null when no supervisor is there any more: the container has ended or its supervisor was killed.
    /// </summary>
    public static ContainerControl? TryConnect(string runDirectory)
    {
        try
        {
            // A socket's path has 108 bytes, an id alone takes 64: the descriptor of its directory is a short name for the rest.
            using var directory = PathDescriptor.Open(runDirectory);
            return new ContainerControl(UnixSocket.Connect($"{directory.SelfPath}/{SocketName}"));
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ECONNREFUSED)
        {
            return null;
        }
    }

    /// <summary>Sends a signal to the container's first process.</summary>
    /// <returns>False when it had ended already.</returns>
    public bool Signal(int signal)
    {
        Send(ControlOperation.Signal, signal);
        Span<byte> answer = stackalloc byte[sizeof(int)];
        if (_socket.Receive(answer) != sizeof(int))
        {
            return false;
        }

        var result = MemoryMarshal.Read<int>(answer);
        return result switch
        {
            0 => true,
            -(int)Errno.ESRCH => false,
            _ => throw new LinuxException("pidfd_send_signal", $"signal {signal}", (Errno)(-result)),
        };
    }

    /// <summary>Waits until the container has ended. Use a connection of its own for this.</summary>
    /// <returns>Null when the supervisor went without a word; then <see cref="ExitRecord.Read"/> says whether it had finished.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ExitRecord? WaitForExit(CancellationToken stop)
    {
        Send(ControlOperation.Wait, 0);
        Span<byte> answer = stackalloc byte[Unsafe.SizeOf<StatusMessage>()];
        int received;
        using (stop.UnsafeRegister(socket => ((UnixSocket)socket!).Shutdown(), _socket))
        {
            received = _socket.Receive(answer);
        }

        if (received == answer.Length)
        {
            return MemoryMarshal.Read<StatusMessage>(answer).ToExitRecord();
        }

        stop.ThrowIfCancellationRequested();
        return null;
    }

    public void Dispose() => _socket.Dispose();

    private void Send(ControlOperation operation, int argument)
    {
        var request = new ControlRequest { Operation = operation, Argument = argument };
        try
        {
            _socket.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<ControlRequest>(in request)));
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            // The supervisor just ended; the answer that does not come says so.
        }
    }
}

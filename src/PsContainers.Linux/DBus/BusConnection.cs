using System.Diagnostics;
using System.Globalization;
using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.DBus;

/// <summary>
/// A connection to a message bus, or to a service that is one itself: calls, one at a time, and the signals that come in between.
/// </summary>
/// <remarks>
/// Just what a short command needs: it blocks, and has no thread and no queue but for signals.
/// https://dbus.freedesktop.org/doc/dbus-specification.html
/// </remarks>
public sealed class BusConnection : IDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private const int LongestLine = 512;

    private readonly UnixSocket _socket;
    private readonly TimeSpan _patience;
    private readonly Queue<BusMessage> _signals = [];
    private uint _serial;

    private BusConnection(UnixSocket socket, TimeSpan patience)
    {
        _socket = socket;
        _patience = patience;
    }

    /// <summary>Connects to a bus as the user of this process.</summary>
    /// <exception cref="LinuxException">Nobody listens there.</exception>
    /// <exception cref="BusException">The bus does not let this user in.</exception>
    public static BusConnection ToBus(string socketPath, TimeSpan patience)
    {
        var connection = ToService(socketPath, patience);
        try
        {
            connection.Call(new BusCall(Bus, "/org/freedesktop/DBus", Bus, "Hello"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a service without a bus between: every call is its own, and its signals come unasked.</summary>
    public static BusConnection ToService(string socketPath, TimeSpan patience)
    {
        var connection = new BusConnection(UnixSocket.ConnectStream(socketPath, patience), patience);
        try
        {
            connection.Authenticate(socketPath);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks the bus for the signals that a rule matches. Of no use without a bus.</summary>
    public void Match(string rule) =>
        Call(new BusCall(Bus, "/org/freedesktop/DBus", Bus, "AddMatch", "s", new BusWriter().Text(rule)));

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="BusException">It was answered by an error, with its name, or not in time.</exception>
    public BusMessage Call(BusCall call)
    {
        var serial = ++_serial;
        SendAll(BusMessage.Call(serial, call));
        var message = Await(message => message.Answers == serial, $"{call.Destination} did not answer to {call.Member}");
        if (message.Kind == BusMessageKind.Answer)
        {
            return message;
        }

        var hasWords = message.Signature.StartsWith('s');
        throw new BusException(message.Error, hasWords ? new BusReader(message.Body.Span).Text() : message.Error);
    }

    /// <summary>Waits for a signal, or takes one that came before; others are dropped.</summary>
    /// <param name="complaint">What to say when it does not come.</param>
    public BusMessage AwaitSignal(Func<BusMessage, bool> isWanted, string complaint)
    {
        while (_signals.TryDequeue(out var signal))
        {
            if (isWanted(signal))
            {
                return signal;
            }
        }

        return Await(message => message.Kind == BusMessageKind.Signal && isWanted(message), complaint);
    }

    public void Dispose() => _socket.Dispose();

    private BusMessage Await(Func<BusMessage, bool> isWanted, string complaint)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < _patience)
        {
            var message = Receive(complaint);
            if (isWanted(message))
            {
                return message;
            }

            if (message.Kind == BusMessageKind.Signal)
            {
                _signals.Enqueue(message);
            }
        }

        throw new BusException("", $"{complaint} within {_patience.TotalSeconds} seconds");
    }

    private BusMessage Receive(string complaint)
    {
        var start = new byte[BusMessage.FixedSize];
        ReceiveAll(start, complaint);
        var content = new byte[BusMessage.LengthOf(start)];
        start.CopyTo(content, 0);
        ReceiveAll(content.AsSpan(BusMessage.FixedSize), complaint);
        return BusMessage.Parse(content);
    }

    // The credentials of the socket say who this is: the name that is sent along must be the same. The first byte must be a NUL. BEGIN is
    // sent before the answer is there, as libsystemd does: a call close behind it would lie in systemd's buffer until the next one comes.
    private void Authenticate(string socketPath)
    {
        var user = Libc.geteuid().ToString(CultureInfo.InvariantCulture);
        SendAll(Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {Convert.ToHexStringLower(Encoding.ASCII.GetBytes(user))}\r\nBEGIN\r\n"));
        var answer = ReadLine(socketPath);
        if (!answer.StartsWith("OK", StringComparison.Ordinal))
        {
            throw new BusException("", $"{socketPath} does not let user {user} in: {answer}");
        }
    }

    private string ReadLine(string socketPath)
    {
        var line = new StringBuilder();
        var letter = new byte[1];
        while (line.Length < LongestLine)
        {
            ReceiveAll(letter, $"{socketPath} did not answer");
            if (letter[0] == '\n')
            {
                break;
            }

            line.Append((char)letter[0]);
        }

        return line.ToString().TrimEnd('\r');
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private void ReceiveAll(Span<byte> bytes, string complaint)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var received = _socket.Receive(bytes);
                bytes = received > 0 ? bytes[received..] : throw new BusException("", $"{complaint} and closed the connection");
            }
        }
        catch (LinuxException e) when (e.Errno == Errno.EAGAIN)
        {
            throw new BusException("", $"{complaint} within {_patience.TotalSeconds} seconds");
        }
    }
}

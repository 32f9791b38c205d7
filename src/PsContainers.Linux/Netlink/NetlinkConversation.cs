using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>Puts what one message says of something into a list.</summary>
internal delegate void NetlinkReader<T>(NetlinkMessage message, List<T> found);

/// <summary>Requests and their answers over one socket, one thread at a time.</summary>
/// <param name="bufferSize">The kernel makes no packet of a list larger than 32 KiB, unless one entry is.</param>
internal sealed class NetlinkConversation(NetlinkSocket socket, int bufferSize = 32 * 1024) : IDisposable
{
    private const int LargestNumberOfTries = 32;

    private readonly Lock _turn = new();
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(bufferSize);
    private uint _sequence;

    /// <summary>Has the kernel do something.</summary>
    /// <param name="operation">What it is in an error, as <c>add link</c>, with <paramref name="target"/> behind it.</param>
    internal void Perform<T>(in NetlinkRequest request, string operation, T target) =>
        Exchange<T>(request, null, null).ThrowIfError(operation, target);

    /// <summary>The same for what may be done already, of which <paramref name="absence"/> is the sign; false then.</summary>
    internal bool PerformIfThere<T>(in NetlinkRequest request, string operation, T target, Errno absence)
    {
        var outcome = Exchange<T>(request, null, null);
        if (outcome.Error == absence)
        {
            return false;
        }

        outcome.ThrowIfError(operation, target);
        return true;
    }

    /// <summary>Asks for one thing; null when the kernel answers with <paramref name="absence"/>.</summary>
    internal TFound? Find<TFound, T>(
        in NetlinkRequest request, NetlinkReader<TFound> reader, string operation, T target, Errno absence)
        where TFound : class
    {
        var found = Read(request, reader, operation, target, absence);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Asks for all of something; nothing when the kernel answers with <paramref name="absence"/>.</summary>
    internal List<TFound> Read<TFound, T>(
        in NetlinkRequest request, NetlinkReader<TFound> reader, string operation, T target, Errno absence)
    {
        var found = new List<TFound>();
        for (var tries = 0; tries < LargestNumberOfTries; tries++)
        {
            found.Clear();
            var outcome = Exchange(request, reader, found);
            if (outcome.Error == absence)
            {
                return [];
            }

            outcome.ThrowIfError(operation, target);
            if (outcome.IsWhole)
            {
                return found;
            }

            Thread.Sleep(tries / 8); // others change links just now: at first at once, then less hastily
        }

        throw new LinuxException(operation, $"{target}", Errno.EAGAIN, $"it was changed {LargestNumberOfTries} times while it was read");
    }

    public void Dispose() => socket.Dispose();

    private Outcome Exchange<T>(in NetlinkRequest request, NetlinkReader<T>? reader, List<T>? found)
    {
        lock (_turn)
        {
            socket.Send(request.Finish(++_sequence));
            var outcome = new Outcome { IsWhole = true };
            while (!outcome.IsEnd)
            {
                Receive(ref outcome, request.IsList, reader, found);
            }

            return outcome;
        }
    }

    private void Receive<T>(ref Outcome outcome, bool isList, NetlinkReader<T>? reader, List<T>? found)
    {
        int length;
        try
        {
            length = socket.Receive(_buffer);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOBUFS && isList)
        {
            outcome.IsWhole = false; // a list is read to its end all the same: the kernel refuses to begin another before
            return;
        }

        ReadOnlySpan<byte> packet = _buffer.AsSpan(0, Math.Min(length, _buffer.Length));
        while (NetlinkMessage.TryTake(ref packet, out var message))
        {
            if (message.Sequence == _sequence)
            {
                Take(ref outcome, message, reader, found);
            }
        }

        if (length > _buffer.Length)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(length);
            outcome.IsWhole = false;
            outcome.IsEnd |= !isList;
        }
    }

    private static void Take<T>(ref Outcome outcome, NetlinkMessage message, NetlinkReader<T>? reader, List<T>? found)
    {
        if ((message.Flags & RouteConstants.NLM_F_DUMP_INTR) != 0)
        {
            outcome.IsWhole = false;
        }

        if (message.Type is RouteConstants.NLMSG_ERROR or RouteConstants.NLMSG_DONE)
        {
            outcome.IsEnd = true;
            outcome.Error = message.Error;
            outcome.Words = outcome.Error == Errno.None ? null : message.Words();
            return;
        }

        outcome.IsEnd |= (message.Flags & RouteConstants.NLM_F_MULTI) == 0;
        if (found is not null)
        {
            reader?.Invoke(message, found);
        }
    }

    private struct Outcome
    {
        internal bool IsEnd;
        internal bool IsWhole;
        internal Errno Error;
        internal string? Words;

        internal readonly void ThrowIfError<T>(string operation, T target)
        {
            if (Error != Errno.None)
            {
                throw new LinuxException(operation, $"{target}", Error, Words);
            }
        }
    }
}

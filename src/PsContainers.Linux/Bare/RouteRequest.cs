using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>One rtnetlink request built in the caller's memory: a header, a fixed part, then attributes. rtnetlink(7)</summary>
internal unsafe ref struct RouteRequest
{
    internal const int HeaderSize = 16; // struct nlmsghdr: u32 length; u16 type, flags; u32 sequence, port
    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_NEWADDR = 20;
    internal const ushort RTM_GETADDR = 22;
    internal const ushort NLM_F_ACK = 4;
    internal const ushort NLM_F_EXCL = 0x200;
    internal const ushort NLM_F_DUMP = 0x300;
    internal const ushort NLM_F_CREATE = 0x400;
    internal const ushort NLMSG_ERROR = 2;
    internal const ushort NLMSG_DONE = 3;
    private const ushort NLM_F_REQUEST = 1;
    private const int AnswerBytes = 4096;

    private readonly byte* _buffer;
    private readonly int _capacity;
    private int _length;
    private bool _isCut;

    internal RouteRequest(byte* buffer, int capacity, ushort type, ushort flags)
    {
        _buffer = buffer;
        _capacity = capacity;
        _length = HeaderSize;
        new Span<byte>(buffer, capacity).Clear();
        *(ushort*)(buffer + 4) = type;
        *(ushort*)(buffer + 6) = (ushort)(flags | NLM_F_REQUEST);
    }

    /// <summary>The fixed part, or attributes as they came from the kernel.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        var padded = (bytes.Length + 3) & ~3;
        if (padded > _capacity - _length)
        {
            _isCut = true;
            return;
        }

        bytes.CopyTo(new Span<byte>(_buffer + _length, bytes.Length));
        _length += padded;
    }

    internal void AddAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        var header = ((uint)type << 16) | (uint)(value.Length + 4); // struct rtattr: u16 length, type
        Add(new ReadOnlySpan<byte>(&header, 4));
        Add(value);
    }

    internal readonly int Send(int socket)
    {
        if (_isCut)
        {
            return -(int)Errno.EOVERFLOW;
        }

        *(uint*)_buffer = (uint)_length;
        var result = Kernel.Call(SyscallNumber.SendTo, socket, (nint)_buffer, _length);
        return result < 0 ? (int)result : 0;
    }

    /// <summary>Sends it and waits for the kernel's answer, which is an errno.</summary>
    internal readonly int Perform(int socket)
    {
        var result = Send(socket);
        if (result < 0)
        {
            return result;
        }

        var answer = stackalloc byte[AnswerBytes];
        while (true)
        {
            var length = Receive(socket, answer, AnswerBytes);
            if (length < 0)
            {
                return (int)length;
            }

            if (length >= HeaderSize + 4 && *(ushort*)(answer + 4) == NLMSG_ERROR)
            {
                return *(int*)(answer + HeaderSize);
            }
        }
    }

    internal static nint Receive(int socket, byte* buffer, nint count)
    {
        nint result;
        do
        {
            result = Kernel.Call(SyscallNumber.RecvFrom, socket, (nint)buffer, count);
        }
        while (result == -(int)Errno.EINTR);
        return result;
    }
}

using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>One message where it was received. netlink(7)</summary>
internal readonly ref struct NetlinkMessage
{
    private const int HeaderSize = NetlinkRequest.HeaderSize;

    private NetlinkMessage(ReadOnlySpan<byte> whole)
    {
        Type = MemoryMarshal.Read<ushort>(whole[4..]);
        Flags = MemoryMarshal.Read<ushort>(whole[6..]);
        Sequence = MemoryMarshal.Read<uint>(whole[8..]);
        Body = whole[HeaderSize..];
    }

    internal ushort Type { get; }

    internal ushort Flags { get; }

    internal uint Sequence { get; }

    /// <summary>The fixed part, and the attributes behind it.</summary>
    internal ReadOnlySpan<byte> Body { get; }

    /// <summary>What an answer or the end of a list says of success; none when it says nothing.</summary>
    internal Errno Error => MemoryMarshal.TryRead<int>(Body, out var negative) ? (Errno)(-negative) : Errno.None;

    /// <summary>Takes the first message of those in a packet.</summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> packet, out NetlinkMessage message)
    {
        message = default;
        if (packet.Length < HeaderSize)
        {
            return false;
        }

        var length = MemoryMarshal.Read<int>(packet);
        if (length < HeaderSize || length > packet.Length)
        {
            return false;
        }

        message = new NetlinkMessage(packet[..length]);
        packet = packet[Math.Min((length + 3) & ~3, packet.Length)..];
        return true;
    }

    internal NetlinkAttributes Attributes(int fixedPart) => new(Body.Length > fixedPart ? Body[fixedPart..] : default);

    /// <summary>The kernel's own words on an error (NETLINK_EXT_ACK); null when it gave none.</summary>
    internal string? Words()
    {
        if ((Flags & RouteConstants.NLM_F_ACK_TLVS) == 0)
        {
            return null;
        }

        // An error is followed by the request, of which only the header is there when the answer is capped; the end of a list is not.
        var skipped = 4;
        if (Type == RouteConstants.NLMSG_ERROR)
        {
            skipped += (Flags & RouteConstants.NLM_F_CAPPED) != 0 || Body.Length < 8
                ? HeaderSize
                : (MemoryMarshal.Read<int>(Body[4..]) + 3) & ~3;
        }

        var attributes = Attributes(skipped);
        while (attributes.MoveNext())
        {
            if (attributes.Type == RouteConstants.NLMSGERR_ATTR_MSG)
            {
                return attributes.Text.TrimEnd('\n', '.');
            }
        }

        return null;
    }
}

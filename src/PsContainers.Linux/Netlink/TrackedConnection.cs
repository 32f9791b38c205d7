using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>A connection that the kernel remembers, with what it was translated to. nfnetlink_conntrack.h</summary>
public sealed class TrackedConnection
{
    private TrackedConnection(byte family, byte[] original) => (Family, Original) = (family, original);

    /// <summary>As in <c>/etc/protocols</c>: 6 is tcp, 17 udp.</summary>
    public int Protocol { get; private init; }

    /// <summary>Whom the first packet was for, as its sender saw it.</summary>
    public required IPEndPoint Destination { get; init; }

    /// <summary>Who answers it: somebody else where the destination was translated.</summary>
    public required IPEndPoint Answerer { get; init; }

    internal byte Family { get; }

    /// <summary>The attribute that says which one it is, as the kernel gave it.</summary>
    internal byte[] Original { get; }

    internal byte[]? Id { get; private init; }

    internal byte[]? Zone { get; private init; }

    internal static unsafe void Read(NetlinkMessage message, List<TrackedConnection> found)
    {
        const int type = (ConntrackConstants.NFNL_SUBSYS_CTNETLINK << 8) | ConntrackConstants.IPCTNL_MSG_CT_NEW;
        if (message.Type != type || !MemoryMarshal.TryRead<ConntrackPart>(message.Body, out var part))
        {
            return;
        }

        Tuple original = default, reply = default;
        byte[]? originalBytes = null, id = null, zone = null;
        var attributes = message.Attributes(sizeof(ConntrackPart));
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case ConntrackConstants.CTA_TUPLE_ORIG:
                    originalBytes = attributes.Value.ToArray();
                    original = Tuple.Read(attributes.Nested);
                    break;
                case ConntrackConstants.CTA_TUPLE_REPLY:
                    reply = Tuple.Read(attributes.Nested);
                    break;
                case ConntrackConstants.CTA_ID:
                    id = attributes.Value.ToArray();
                    break;
                case ConntrackConstants.CTA_ZONE:
                    zone = attributes.Value.ToArray();
                    break;
            }
        }

        if (originalBytes is not null && original.Destination is not null && reply.Source is not null)
        {
            found.Add(new(part.Family, originalBytes)
            {
                Protocol = original.Protocol,
                Destination = new(original.Destination, original.DestinationPort),
                Answerer = new(reply.Source, reply.SourcePort),
                Id = id,
                Zone = zone,
            });
        }
    }

    /// <summary>One direction of it.</summary>
    private struct Tuple
    {
        internal byte Protocol;
        internal IPAddress? Source;
        internal IPAddress? Destination;
        internal ushort SourcePort;
        internal ushort DestinationPort;

        internal static Tuple Read(NetlinkAttributes attributes)
        {
            Tuple tuple = default;
            while (attributes.MoveNext())
            {
                if (attributes.Type == ConntrackConstants.CTA_TUPLE_IP)
                {
                    tuple.ReadAddresses(attributes.Nested);
                }
                else if (attributes.Type == ConntrackConstants.CTA_TUPLE_PROTO)
                {
                    tuple.ReadPorts(attributes.Nested);
                }
            }

            return tuple;
        }

        private void ReadAddresses(NetlinkAttributes attributes)
        {
            while (attributes.MoveNext())
            {
                if (attributes.Type is ConntrackConstants.CTA_IP_V4_SRC or ConntrackConstants.CTA_IP_V6_SRC)
                {
                    Source = new(attributes.Value);
                }
                else if (attributes.Type is ConntrackConstants.CTA_IP_V4_DST or ConntrackConstants.CTA_IP_V6_DST)
                {
                    Destination = new(attributes.Value);
                }
            }
        }

        private void ReadPorts(NetlinkAttributes attributes)
        {
            while (attributes.MoveNext())
            {
                switch (attributes.Type)
                {
                    case ConntrackConstants.CTA_PROTO_NUM:
                        Protocol = attributes.Read<byte>();
                        break;
                    case ConntrackConstants.CTA_PROTO_SRC_PORT:
                        SourcePort = BinaryPrimitives.ReverseEndianness(attributes.Read<ushort>());
                        break;
                    case ConntrackConstants.CTA_PROTO_DST_PORT:
                        DestinationPort = BinaryPrimitives.ReverseEndianness(attributes.Read<ushort>());
                        break;
                }
            }
        }
    }
}

using System.Buffers.Binary;

namespace PsContainers.Linux.DBus;

/// <summary>What a message is.</summary>
public enum BusMessageKind
{
    Call = 1,
    Answer = 2,
    Error = 3,
    Signal = 4,
}

/// <summary>A message as it was received.</summary>
/// <remarks>https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-messages</remarks>
public sealed record BusMessage
{
    /// <summary>The part of the header that has a fixed size: through the length of the header's fields.</summary>
    internal const int FixedSize = 16;

    // "The maximum length of a message, including header, header alignment padding, and body is 2 to the 27th power".
    private const uint MaximumLength = 1 << 27;
    private const byte LittleEndian = (byte)'l';
    private const byte Version = 1;
    private const byte Path = 1, Interface = 2, MemberName = 3, ErrorName = 4, ReplySerial = 5, Destination = 6, SignatureOfBody = 8;

    public BusMessageKind Kind { get; private init; }

    /// <summary>The serial of the call that this answers; 0 for a signal.</summary>
    public uint Answers { get; private init; }

    /// <summary>The name of a signal.</summary>
    public string Member { get; private init; } = "";

    /// <summary>The name of an error.</summary>
    public string Error { get; private init; } = "";

    public string Signature { get; private init; } = "";

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A method call that wants an answer, whole.</summary>
    internal static ReadOnlySpan<byte> Call(uint serial, BusCall call)
    {
        var message = new BusWriter()
            .Byte(LittleEndian).Byte((byte)BusMessageKind.Call).Byte(0).Byte(Version)
            .UInt32((uint)(call.Body?.Length ?? 0))
            .UInt32(serial)
            .Array(BusWriter.WideAlignment, fields =>
            {
                Field(fields, Path, "o").Text(call.Path);
                Field(fields, Interface, "s").Text(call.Interface);
                Field(fields, MemberName, "s").Text(call.Member);
                Field(fields, Destination, "s").Text(call.Destination);
                if (call.Body is not null)
                {
                    Field(fields, SignatureOfBody, "g").Signature(call.Signature);
                }
            })
            .Align(BusWriter.WideAlignment);
        return call.Body is null ? message.Content : (byte[])[.. message.Content, .. call.Body.Content];
    }

    /// <summary>How long the whole message is that starts with these bytes, of which there are <see cref="FixedSize"/>.</summary>
    /// <exception cref="BusException">It is none, or too long.</exception>
    internal static int LengthOf(ReadOnlySpan<byte> start)
    {
        var body = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        var fields = BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        return start[0] == LittleEndian && start[3] == Version && body <= MaximumLength && fields <= MaximumLength
            ? BodyAt(fields) + (int)body
            : throw new BusException("", "the other side of the bus sent something else than messages of this machine's byte order");
    }

    internal static BusMessage Parse(ReadOnlyMemory<byte> content)
    {
        var fields = BinaryPrimitives.ReadUInt32LittleEndian(content.Span[12..]);
        var message = new BusMessage { Kind = (BusMessageKind)content.Span[1], Body = content[BodyAt(fields)..] };
        var reader = new BusReader(content.Span[..(FixedSize + (int)fields)]);
        reader.Skip(FixedSize);
        while (reader.Position < FixedSize + fields)
        {
            reader.Align(BusWriter.WideAlignment);
            message = message.With(reader.Byte(), ref reader);
        }

        return message;
    }

    private BusMessage With(byte field, ref BusReader reader) => (field, reader.Signature()) switch
    {
        (MemberName, "s") => this with { Member = reader.Text() },
        (ErrorName, "s") => this with { Error = reader.Text() },
        (ReplySerial, "u") => this with { Answers = reader.UInt32() },
        (SignatureOfBody, "g") => this with { Signature = reader.Signature() },
        (_, "s" or "o") => Passed(reader.Text()),
        (_, "u") => Passed(reader.UInt32()),
        var (_, type) => throw new BusException("", $"a message on the bus has a header field of the unknown type {type}"),
    };

    private BusMessage Passed<T>(T _) => this;

    private static BusWriter Field(BusWriter fields, byte code, string type) =>
        fields.Align(BusWriter.WideAlignment).Byte(code).Signature(type);

    private static int BodyAt(uint fields) => (FixedSize + (int)fields + 7) & ~7;
}

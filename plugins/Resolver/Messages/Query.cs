using System.Buffers.Binary;

namespace PsContainers.Resolver.Messages;

/// <summary>What a query asks, and how large an answer may be.</summary>
internal struct Query
{
    private const ushort Internet = 1;
    private const int RecordHead = 10; // type, class, time to live, length of what follows

    /// <summary>The length of the name in the buffer that it was read into.</summary>
    internal int NameLength { get; private set; }

    internal ushort Type { get; private set; }

    internal ushort Class { get; private set; }

    /// <summary>Where in the message the question ends.</summary>
    internal int QuestionEnd { get; private set; }

    /// <summary>Whether it came with an OPT record, so that its answer is to have one. RFC 6891, 6.1.1</summary>
    internal bool IsExtended { get; private set; }

    internal byte Version { get; private set; }

    internal bool WantsSignatures { get; private set; }

    /// <summary>How many bytes the client takes in one datagram. RFC 6891, 6.2.3: less than 512 counts as 512.</summary>
    internal int PayloadLimit { get; private set; }

    internal readonly bool IsInternet => Class == Internet;

    /// <summary>Reads a message of one question and no strange records.</summary>
    /// <param name="name">Room for <see cref="DomainName.MaximumLength"/> bytes, filled with the name in lower case.</param>
    internal static bool TryParse(ReadOnlySpan<byte> message, Span<byte> name, out Query query)
    {
        query = new Query { PayloadLimit = 512 };
        return query.TryReadQuestion(message, name) && query.TryReadRecords(message);
    }

    /// <summary>The same of the question alone, for a response, whose records are none of our business.</summary>
    internal static bool TryParseQuestion(ReadOnlySpan<byte> message, Span<byte> name, out Query query)
    {
        query = new Query { PayloadLimit = 512 };
        return query.TryReadQuestion(message, name);
    }

    // RFC 9619: a query has one question.
    private bool TryReadQuestion(ReadOnlySpan<byte> message, Span<byte> name)
    {
        var at = Header.Length;
        if (message.Length < at || Header.CountOf(message, 0) != 1 ||
            !DomainName.TryRead(message, ref at, name, out var length) || at + 4 > message.Length)
        {
            return false;
        }

        NameLength = length;
        Type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        Class = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
        QuestionEnd = at + 4;
        return true;
    }

    private bool TryReadRecords(ReadOnlySpan<byte> message)
    {
        var at = QuestionEnd;
        for (var section = 1; section <= 3; section++)
        {
            for (var left = Header.CountOf(message, section); left > 0; left--)
            {
                var start = at;
                if (!DomainName.TrySkip(message, ref at) || at + RecordHead > message.Length)
                {
                    return false;
                }

                var head = message.Slice(at, RecordHead);
                at += RecordHead + BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
                if (at > message.Length || (BinaryPrimitives.ReadUInt16BigEndian(head) == RecordType.OPT &&
                    !TryReadExtension(head, isWellPlaced: section == 3 && message[start] == 0)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool TryReadExtension(ReadOnlySpan<byte> head, bool isWellPlaced)
    {
        if (IsExtended || !isWellPlaced)
        {
            return false;
        }

        IsExtended = true;
        PayloadLimit = Math.Max(512, (int)BinaryPrimitives.ReadUInt16BigEndian(head[2..]));
        Version = head[5];
        WantsSignatures = (head[6] & 0x80) != 0;
        return true;
    }
}

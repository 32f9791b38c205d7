using System.Buffers.Binary;

namespace PsContainers.Resolver.Messages;

/// <summary>Writes a response of our own: the query's header and question as they came, and records about that name.</summary>
internal ref struct ResponseWriter
{
    // What fits a frame of every network on its way, and never comes in fragments. RFC 9715
    internal const int LargestDatagram = 1232;

    // Names change when containers come and go, and asking again costs nothing here: nobody is to remember an answer.
    private const uint TimeToLive = 0;
    private const int ExtensionLength = 11;
    private const int RecordHead = 12;
    private readonly Span<byte> _buffer;
    private readonly Query _query;
    private readonly int _limit;
    private readonly ResponseCode _code;
    private int _answers;

    internal ResponseWriter(Span<byte> buffer, ReadOnlySpan<byte> message, in Query query, int limit, ResponseCode code, bool isOurs)
    {
        _buffer = buffer;
        _query = query;
        _limit = Math.Min(limit, buffer.Length) - (query.IsExtended ? ExtensionLength : 0);
        _code = code;
        message[..query.QuestionEnd].CopyTo(buffer);
        Header.SetFlags(buffer, Header.ResponseFlags(message, code) | (isOurs ? Header.Authoritative : 0));
        Header.SetCount(buffer, 1, 0);
        Header.SetCount(buffer, 2, 0);
        Header.SetCount(buffer, 3, query.IsExtended ? 1 : 0);
        Length = query.QuestionEnd;
    }

    internal int Length { get; private set; }

    /// <summary>A response without a question, to a message that could not be read so far.</summary>
    internal static int WriteHeader(Span<byte> buffer, ReadOnlySpan<byte> message, ResponseCode code)
    {
        buffer[..Header.Length].Clear();
        Header.SetId(buffer, Header.IdOf(message));
        Header.SetFlags(buffer, Header.ResponseFlags(message, code));
        return Header.Length;
    }

    /// <summary>Adds a record; the first that does not fit makes the response a truncated one.</summary>
    internal bool TryAdd(ushort type, scoped ReadOnlySpan<byte> content)
    {
        if (Length + RecordHead + content.Length > _limit)
        {
            Header.SetFlags(_buffer, Header.FlagsOf(_buffer) | Header.Truncated);
            return false;
        }

        var record = _buffer[Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xc000 | Header.Length); // the name is the question's
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], _query.Class);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)content.Length);
        content.CopyTo(record[RecordHead..]);
        Length += RecordHead + content.Length;
        Header.SetCount(_buffer, 1, ++_answers);
        return true;
    }

    /// <summary>Ends the response.</summary>
    /// <returns>Its length.</returns>
    internal int Finish()
    {
        if (_query.IsExtended)
        {
            // Root, OPT, our payload size, upper bits of the code, version 0, DO as it came, no options.
            var record = _buffer.Slice(Length, ExtensionLength);
            record.Clear();
            BinaryPrimitives.WriteUInt16BigEndian(record[1..], RecordType.OPT);
            BinaryPrimitives.WriteUInt16BigEndian(record[3..], LargestDatagram);
            record[5] = (byte)((int)_code >> 4);
            record[7] = (byte)(_query.WantsSignatures ? 0x80 : 0);
            Length += ExtensionLength;
        }

        return Length;
    }
}

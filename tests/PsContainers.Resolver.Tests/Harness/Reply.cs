using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>A response as a client reads it, without a line of the resolver's own code.</summary>
internal sealed class Reply
{
    internal Reply(byte[] message)
    {
        Message = message;
        var at = 12;
        for (var i = 0; i < Count(4); i++)
        {
            Question = ReadName(ref at);
            at += 4;
        }

        for (var i = 0; i < Count(6) + Count(8) + Count(10); i++)
        {
            ReadRecord(ref at, isAnswer: i < Count(6));
        }

        Assert.Equal(message.Length, at);
    }

    internal byte[] Message { get; }

    internal int Id => Count(0);

    /// <summary>0 no error, 1 format, 2 server failure, 3 no such name, 4 not implemented, 5 refused.</summary>
    internal int Code => Message[3] & 0xf;

    internal bool IsAuthoritative => (Message[2] & 4) != 0;

    internal bool IsTruncated => (Message[2] & 2) != 0;

    internal string? Question { get; }

    /// <summary>Addresses and names, in the order in which they came.</summary>
    internal List<string> Answers { get; } = [];

    internal List<uint> TimesToLive { get; } = [];

    /// <summary>The payload size of the OPT record; null without one.</summary>
    internal int? Payload { get; private set; }

    /// <summary>The upper bits of the code, from the OPT record.</summary>
    internal int ExtendedCode { get; private set; }

    private int Count(int at) => BinaryPrimitives.ReadUInt16BigEndian(Message.AsSpan(at));

    private void ReadRecord(ref int at, bool isAnswer)
    {
        ReadName(ref at);
        var type = Count(at);
        var length = Count(at + 8);
        var content = at + 10;
        if (type == 41)
        {
            Payload = Count(at + 2);
            ExtendedCode = Message[at + 4];
        }
        else if (isAnswer)
        {
            TimesToLive.Add(BinaryPrimitives.ReadUInt32BigEndian(Message.AsSpan(at + 4)));
            Answers.Add(type switch
            {
                1 or 28 => new IPAddress(Message.AsSpan(content, length)).ToString(),
                12 => ReadName(ref content),
                _ => $"type {type}",
            });
        }

        at += 10 + length;
    }

    private string ReadName(ref int at)
    {
        var name = new StringBuilder();
        while (Message[at] != 0)
        {
            if (Message[at] >= 0xc0)
            {
                var target = Count(at) & 0x3fff;
                at += 2;
                return name + ReadName(ref target);
            }

            name.Append(Encoding.Latin1.GetString(Message, at + 1, Message[at])).Append('.');
            at += Message[at] + 1;
        }

        at++;
        return name.ToString();
    }
}

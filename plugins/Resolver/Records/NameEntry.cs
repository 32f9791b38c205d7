using System.Buffers.Binary;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Records;

/// <summary>The addresses of one name.</summary>
internal sealed class NameEntry
{
    private readonly List<UInt128> _version4 = [];
    private readonly List<UInt128> _version6 = [];
    private uint _turn;

    internal void Add(UInt128 address)
    {
        var addresses = address >> 32 == 0xffff ? _version4 : _version6;
        if (!addresses.Contains(address))
        {
            addresses.Add(address);
        }
    }

    /// <summary>Answers with all addresses of a type; each time another one comes first, since clients take the first.</summary>
    /// <remarks>RFC 8482: of whoever asks for records of ANY type, one type is enough.</remarks>
    internal void WriteTo(ref ResponseWriter response, ushort type)
    {
        var (addresses, size, answered) = type switch
        {
            RecordType.A => (_version4, 4, type),
            RecordType.AAAA => (_version6, 16, type),
            RecordType.ANY when _version4.Count > 0 => (_version4, 4, RecordType.A),
            RecordType.ANY => (_version6, 16, RecordType.AAAA),
            _ => ([], 0, type),
        };
        if (addresses.Count == 0)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        var first = (int)(_turn++ % (uint)addresses.Count);
        for (var i = 0; i < addresses.Count; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, addresses[(first + i) % addresses.Count]);
            if (!response.TryAdd(answered, bytes[^size..]))
            {
                return;
            }
        }
    }
}

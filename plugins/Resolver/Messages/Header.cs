using System.Buffers.Binary;

namespace PsContainers.Resolver.Messages;

/// <summary>The twelve bytes that every message begins with. RFC 1035, 4.1.1</summary>
/// <remarks>
/// <code>
/// 0  id            4  questions    8  authorities
/// 2  flags         6  answers     10  additional records
/// </code>
/// Flags: QR 8000, opcode 7800, AA 0400, TC 0200, RD 0100, RA 0080, AD 0020, CD 0010, response code 000f.
/// </remarks>
internal static class Header
{
    internal const int Length = 12;
    internal const ushort Response = 0x8000;
    internal const ushort Opcode = 0x7800;
    internal const ushort Authoritative = 0x0400;
    internal const ushort Truncated = 0x0200;
    internal const ushort RecursionDesired = 0x0100;
    internal const ushort RecursionAvailable = 0x0080;
    internal const ushort CheckingDisabled = 0x0010;

    internal static ushort IdOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    internal static ushort FlagsOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    internal static ResponseCode CodeOf(ReadOnlySpan<byte> message) => (ResponseCode)(FlagsOf(message) & 0xf);

    /// <summary>How many records a section has: 0 questions, 1 answers, 2 authorities, 3 additional ones.</summary>
    internal static int CountOf(ReadOnlySpan<byte> message, int section) =>
        BinaryPrimitives.ReadUInt16BigEndian(message[(4 + (2 * section))..]);

    internal static void SetId(Span<byte> message, ushort id) => BinaryPrimitives.WriteUInt16BigEndian(message, id);

    internal static void SetFlags(Span<byte> message, int flags) => BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)flags);

    internal static void SetCount(Span<byte> message, int section, int count) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[(4 + (2 * section))..], (ushort)count);

    /// <summary>A response's flags: opcode, RD and CD are the query's, and we always can recurse, or say that we do not.</summary>
    internal static int ResponseFlags(ReadOnlySpan<byte> query, ResponseCode code) =>
        Response | RecursionAvailable | (FlagsOf(query) & (Opcode | RecursionDesired | CheckingDisabled)) | ((int)code & 0xf);
}

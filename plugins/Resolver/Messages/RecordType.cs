namespace PsContainers.Resolver.Messages;

/// <summary>The types of records that are treated in a way of their own; all others are just numbers.</summary>
/// <remarks>https://www.iana.org/assignments/dns-parameters</remarks>
internal static class RecordType
{
    internal const ushort A = 1;
    internal const ushort NS = 2;
    internal const ushort SOA = 6;
    internal const ushort PTR = 12;
    internal const ushort AAAA = 28;
    internal const ushort OPT = 41;
    internal const ushort DS = 43;
    internal const ushort DNSKEY = 48;
    internal const ushort IXFR = 251;
    internal const ushort AXFR = 252;
    internal const ushort ANY = 255;
}

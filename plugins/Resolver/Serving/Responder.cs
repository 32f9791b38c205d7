using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;
using PsContainers.Resolver.Records;
using PsContainers.Resolver.Settings;

namespace PsContainers.Resolver.Serving;

/// <summary>Decides what a query gets, and writes the responses that need nobody else.</summary>
internal sealed class Responder(NetworkSettings settings)
{
    internal const int LargestMessage = ushort.MaxValue;

    /// <param name="source">Who asks.</param>
    /// <param name="local">The address that was asked.</param>
    /// <param name="response">Room for <see cref="LargestMessage"/> bytes.</param>
    /// <param name="query">What was asked, when it is to be forwarded.</param>
    internal Verdict Answer(
        ReadOnlySpan<byte> message,
        in InternetEndpoint source,
        in InternetEndpoint local,
        bool isStream,
        Span<byte> response,
        out int length,
        out Query query)
    {
        length = 0;
        query = default;

        // Nobody answers an answer: two servers could go on with that for ever.
        if (message.Length < Header.Length || (Header.FlagsOf(message) & Header.Response) != 0)
        {
            return Verdict.Silence;
        }

        Span<byte> name = stackalloc byte[DomainName.MaximumLength];
        var code = !IsServed(source.Address, local.Address) ? ResponseCode.Refused
            : (Header.FlagsOf(message) & Header.Opcode) != 0 ? ResponseCode.NotImplemented
            : !Query.TryParse(message, name, out query) ? ResponseCode.FormatError
            : ResponseCode.NoError;
        if (code != ResponseCode.NoError)
        {
            length = ResponseWriter.WriteHeader(response, message, code);
            return Verdict.Answered;
        }

        var limit = isStream ? LargestMessage : Math.Min(query.PayloadLimit, ResponseWriter.LargestDatagram);
        return Answer(message, source.Address, name[..query.NameLength], query, limit, response, out length);
    }

    /// <summary>Writes a response that says nothing but a code.</summary>
    internal static int WriteCode(ReadOnlySpan<byte> message, in Query query, ResponseCode code, Span<byte> response) =>
        new ResponseWriter(response, message, query, LargestMessage, code, isOurs: false).Finish();

    private Verdict Answer(
        ReadOnlySpan<byte> message,
        UInt128 source,
        ReadOnlySpan<byte> name,
        in Query query,
        int limit,
        Span<byte> response,
        out int length)
    {
        length = 0;
        if (query.Version != 0)
        {
            length = WriteCode(message, query, ResponseCode.BadVersion, response);
            return Verdict.Answered;
        }

        // Zones are not transferred, and classes other than IN (CHAOS: who are you?) are nobody's here.
        if (!query.IsInternet || query.Type is RecordType.AXFR or RecordType.IXFR)
        {
            length = WriteCode(message, query, ResponseCode.Refused, response);
            return Verdict.Answered;
        }

        // A name that is there without records of the type is no error. There is no SOA with it, so that nobody remembers it. RFC 2308, 5
        var isOurs = TryFind(settings.Names, name, out var entry, out var names) || TryFindElsewhere(source, name, out entry, out names);
        if (!isOurs && settings.Upstreams.Length > 0 && MayLeave(name, query.Type))
        {
            return Verdict.Forward;
        }

        var writer = new ResponseWriter(
            response, message, query, limit, isOurs ? ResponseCode.NoError : ResponseCode.NameError, isOurs: true);
        entry?.WriteTo(ref writer, query.Type);
        if (names != null && (query.Type is RecordType.PTR or RecordType.ANY))
        {
            WriteNames(names, ref writer);
        }

        length = writer.Finish();
        return Verdict.Answered;
    }

    private static void WriteNames(List<byte[]> names, ref ResponseWriter writer)
    {
        foreach (var name in names)
        {
            if (!writer.TryAdd(RecordType.PTR, name))
            {
                return;
            }
        }
    }

    private static bool TryFind(NameTable table, ReadOnlySpan<byte> name, out NameEntry? entry, out List<byte[]>? names)
    {
        names = null;
        return table.TryFind(name, out entry)
            || (ReverseName.TryRead(name, out var address) && (names = table.NamesOf(address)) != null);
    }

    // What a client on several networks asks the resolver of one of them may be the others' to know.
    private bool TryFindElsewhere(UInt128 source, ReadOnlySpan<byte> name, out NameEntry? entry, out List<byte[]>? names)
    {
        foreach (var table in settings.Others.NamesFor(source))
        {
            if (TryFind(table, name, out entry, out names))
            {
                return true;
            }
        }

        (entry, names) = (null, null);
        return false;
    }

    /// <summary>Who may ask: whoever has a name here, or an address in the network's subnets, and the host itself.</summary>
    /// <remarks>
    /// The gateway's address is reached from other networks through the host, too, and they have no business with the names of this one.
    /// The host asks its own address from that address.
    /// </remarks>
    private bool IsServed(UInt128 source, UInt128 local) =>
        source == local || settings.Names.Knows(source) || settings.IsInSubnets(source);

    /// <summary>What others may be asked for.</summary>
    /// <remarks>
    /// A name of one label is a container's, if only one that has stopped: it is nobody else's to know, and the public root has no
    /// addresses for it. (Aardvark does the same; Docker asks on.) What is said there about top-level domains themselves, validators
    /// need. Addresses of our own subnets that nobody has are nobody else's either. RFC 6303
    /// </remarks>
    private bool MayLeave(ReadOnlySpan<byte> name, ushort type) => DomainName.CountLabels(name) switch
    {
        0 => true,
        1 => type is RecordType.NS or RecordType.SOA or RecordType.DS or RecordType.DNSKEY,
        _ => !ReverseName.TryRead(name, out var address) || !settings.IsInSubnets(address),
    };
}

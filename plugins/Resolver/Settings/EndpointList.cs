using System.Globalization;
using System.Net;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Records;

namespace PsContainers.Resolver.Settings;

/// <summary>Lines of `ADDRESS` or `ADDRESS PORT`; 53 is the port of those that name none.</summary>
internal static class EndpointList
{
    private const int DomainPort = 53;

    internal static InternetEndpoint[] Parse(ReadOnlySpan<byte> text)
    {
        var endpoints = new List<InternetEndpoint>();
        foreach (var line in text.Split((byte)'\n'))
        {
            var words = new LineWords(text[line]);
            if (words.TryNext(out var word) && IPAddress.TryParse(word, out var address) && TryReadPort(ref words, out var port))
            {
                endpoints.Add(new InternetEndpoint(address, port));
            }
        }

        return [.. endpoints];
    }

    private static bool TryReadPort(ref LineWords words, out ushort port)
    {
        port = DomainPort;
        return !words.TryNext(out var word) || ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }
}

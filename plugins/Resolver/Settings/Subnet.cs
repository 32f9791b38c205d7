using System.Globalization;
using System.Net;
using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Settings;

/// <summary>Addresses that begin alike, those of IPv4 as the IPv6 addresses that they are mapped to.</summary>
internal readonly record struct Subnet(UInt128 Address, int Prefix)
{
    /// <summary>Reads `ADDRESS/PREFIX`, or one address.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out Subnet subnet)
    {
        subnet = default;
        var slash = text.IndexOf((byte)'/');
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var parsed))
        {
            return false;
        }

        var address = new InternetEndpoint(parsed, 0);
        var bits = address.Family == InternetEndpoint.AF_INET ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 &&
            (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        subnet = new Subnet(address.Address, 128 - bits + prefix);
        return true;
    }

    // A shift by 128 would be one by 0.
    internal bool Contains(UInt128 address) => Prefix == 0 || (address ^ Address) >> (128 - Prefix) == 0;
}

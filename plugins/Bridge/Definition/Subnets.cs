using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace PsContainers.Bridge.Definition;

/// <summary>Arithmetic on addresses and subnets.</summary>
internal static class Subnets
{
    internal static bool Overlaps(this IPNetwork one, IPNetwork other) =>
        one.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily
        && (one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress));

    internal static bool IsIPv6(this IPNetwork subnet) => subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    internal static IPAddress First(this IPNetwork subnet) => Add(subnet.BaseAddress, 1);

    internal static IPAddress Last(this IPNetwork subnet)
    {
        var bytes = subnet.BaseAddress.GetAddressBytes();
        for (var bit = subnet.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new(bytes);
    }

    /// <summary>The subnet that an address is in.</summary>
    internal static IPNetwork Of(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new(bytes), prefix);
    }

    /// <summary>Whether no host may have this address of the subnet: the network's own, and of IPv4 the one for all.</summary>
    internal static bool IsReserved(this IPNetwork subnet, IPAddress address) =>
        address.Equals(subnet.BaseAddress) || (!subnet.IsIPv6() && address.Equals(subnet.Last()));

    internal static IPAddress Add(IPAddress address, int count)
    {
        var length = address.GetAddressBytes().Length;
        var bytes = (Number(address) + count).ToByteArray(isUnsigned: true, isBigEndian: true);
        return new([.. new byte[length - bytes.Length], .. bytes]);
    }

    internal static BigInteger Number(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    /// <summary>Reads <c>address/prefix</c>, whatever bits are set.</summary>
    internal static bool TryParse(string text, out IPAddress address, out int prefix)
    {
        prefix = 0;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return TryParseAddress(slash < 0 ? text : text[..slash], out address)
            && slash > 0
            && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
            && prefix <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    /// <summary>Reads an address in full: not the short forms that the framework takes, as 10.1 for 10.0.0.1.</summary>
    internal static bool TryParseAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal)
            || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6
            ? !parsed.IsIPv4MappedToIPv6
            : parsed.ToString() == text;
    }
}

using System.Net;
using System.Net.Sockets;

namespace PsContainers.Images.Registry.Http;

/// <summary>Which addresses belong to everybody.</summary>
/// <remarks>https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry</remarks>
internal static class AddressRange
{
    private static readonly IPNetwork[] _private =
    [
        .. ((ReadOnlySpan<string>)
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
            "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).ToArray().Select(IPNetwork.Parse),
    ];

    // Addresses of IPv4 within IPv6 that a gateway would turn back: NAT64 (RFC 6052) and 6to4 (RFC 3056).
    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork _tunneled = IPNetwork.Parse("2002::/16");

    /// <summary>Whether only this machine or its own network could mean anything by the address.</summary>
    internal static bool IsPrivate(IPAddress address)
    {
        var inner = Inner(address);
        return _private.Any(range => range.Contains(inner));
    }

    private static IPAddress Inner(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : _translated.Contains(address) ? new(bytes.AsSpan(12, 4))
            : _tunneled.Contains(address) ? new(bytes.AsSpan(2, 4))
            : address;
    }
}

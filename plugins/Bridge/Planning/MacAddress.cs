using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PsContainers.Bridge.Planning;

/// <summary>The hardware addresses of containers.</summary>
internal static class MacAddress
{
    private const int Length = 6;

    /// <summary>
    /// Of an address: a container that takes over another's address then takes over the entries in its neighbors' ARP caches, too.
    /// </summary>
    internal static string Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        byte[] tail = address.AddressFamily == AddressFamily.InterNetwork ? bytes : SHA256.HashData(bytes)[..4];
        return Format([0x02, 0x42, .. tail]);
    }

    /// <summary>Whether it is one that a single link can have: neither a group's nor nobody's.</summary>
    internal static bool IsUnicast(string text)
    {
        var parts = text.Split(':');
        var bytes = new byte[Length];
        for (var i = 0; i < Length; i++)
        {
            if (parts.Length != Length
                || parts[i].Length != 2
                || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        return (bytes[0] & 1) == 0 && bytes.Any(octet => octet != 0);
    }

    private static string Format(byte[] bytes) =>
        string.Join(':', bytes.Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
}

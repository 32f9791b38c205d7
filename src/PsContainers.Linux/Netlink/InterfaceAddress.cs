using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PsContainers.Linux.Netlink;

/// <summary>An address of a link and how much of it is the network: <c>10.90.0.2/24</c>.</summary>
public readonly record struct InterfaceAddress
{
    /// <exception cref="ArgumentException">There are no such addresses, or not so many bits.</exception>
    public InterfaceAddress(IPAddress address, int prefix)
    {
        ArgumentNullException.ThrowIfNull(address);
        var bits = address.AddressFamily switch
        {
            AddressFamily.InterNetwork => 32,
            AddressFamily.InterNetworkV6 => 128,
            _ => throw new ArgumentException($"address {address} is neither IPv4 nor IPv6", nameof(address)),
        };
        if (prefix < 0 || prefix > bits)
        {
            throw new ArgumentException($"prefix {prefix} of address {address} is not 0 to {bits}", nameof(prefix));
        }

        Address = address;
        Prefix = prefix;
    }

    public IPAddress Address { get; }

    public int Prefix { get; }

    /// <exception cref="FormatException">It is written otherwise.</exception>
    public static InterfaceAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address with a prefix, as 10.90.0.2/24 is");

    public static bool TryParse([NotNullWhen(true)] string? text, out InterfaceAddress address)
    {
        address = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var parsed)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > (parsed.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            return false;
        }

        address = new InterfaceAddress(parsed, prefix);
        return true;
    }

    public override string ToString() => $"{Address}/{Prefix}";
}

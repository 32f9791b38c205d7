using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PsContainers.Plugins.Answers;

/// <summary>Addresses as the contract writes them. The framework's own parser also takes <c>10.1</c>, <c>0x7f.1</c> and zones.</summary>
internal static class AddressText
{
    public static IPAddress? TryAddress(string? text)
    {
        if (text is null || text.AsSpan().ContainsAny("%[] ") || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text ? address : null;
    }

    /// <summary>An address with the length of its network's prefix: <c>10.90.0.2/24</c>.</summary>
    public static (IPAddress Address, int Prefix)? TryWithPrefix(string? text)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash > 0
            && TryAddress(text![..slash]) is { } address
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            && prefix <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
                ? (address, prefix)
                : null;
    }

    /// <summary>A network: no bit set behind the prefix, which .NET 10 would clear.</summary>
    public static IPNetwork? TryNetwork(string? text) =>
        TryWithPrefix(text) is { } parts && IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(parts.Address)
            ? network
            : null;

    public static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    public static bool IsInOrder(IPAddress first, IPAddress last) =>
        first.AddressFamily == last.AddressFamily && first.GetAddressBytes().AsSpan().SequenceCompareTo(last.GetAddressBytes()) <= 0;
}

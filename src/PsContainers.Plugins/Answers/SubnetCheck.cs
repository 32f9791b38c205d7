using System.Net;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Answers;

/// <summary>Whether a subnet is one, and holds its gateway and its range.</summary>
internal static class SubnetCheck
{
    public static JsonMismatch? Of(SubnetDefinition? subnet, string field)
    {
        if (subnet is null)
        {
            return new(field, "null is not an object");
        }

        if (AddressText.TryNetwork(subnet.Subnet) is not { } network)
        {
            return Wrong($"{field}.subnet", subnet.Subnet, "not a subnet such as 10.90.0.0/24, without a bit set behind the prefix");
        }

        if (subnet.Gateway is { } gateway && !(AddressText.TryAddress(gateway) is { } address && network.Contains(address)))
        {
            return Wrong($"{field}.gateway", gateway, $"not an address in {subnet.Subnet}");
        }

        return subnet.Range is { } range && !IsPart(range, network)
            ? Wrong($"{field}.range", range, $"neither a subnet nor first-last in {subnet.Subnet}")
            : null;
    }

    private static bool IsPart(string range, IPNetwork network)
    {
        if (AddressText.TryNetwork(range) is { } part)
        {
            return part.PrefixLength >= network.PrefixLength && network.Contains(part.BaseAddress);
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && AddressText.TryAddress(range[..dash]) is { } first
            && AddressText.TryAddress(range[(dash + 1)..]) is { } last
            && AddressText.IsInOrder(first, last)
            && network.Contains(first)
            && network.Contains(last);
    }

    private static JsonMismatch Wrong(string field, string? text, string reason) => new(field, $"\"{Abridged.Of(text ?? "")}\": {reason}");
}

using System.Net;

namespace PsContainers.Bridge.Definition;

/// <summary>The part of a subnet that addresses are chosen from: a subnet itself, or <c>first-last</c>.</summary>
internal readonly record struct AddressRange(IPAddress First, IPAddress Last)
{
    internal static AddressRange? TryParse(string text)
    {
        if (Subnets.TryParse(text, out var address, out var prefix))
        {
            var subnet = Subnets.Of(address, prefix);
            return subnet.BaseAddress.Equals(address) ? new(address, subnet.Last()) : null;
        }

        var parts = text.Split('-');
        return parts.Length == 2
            && Subnets.TryParseAddress(parts[0].Trim(), out var first)
            && Subnets.TryParseAddress(parts[1].Trim(), out var last)
            && first.AddressFamily == last.AddressFamily
            && Subnets.Number(first) <= Subnets.Number(last)
                ? new(first, last)
                : null;
    }
}

using System.Text.Json;

namespace PsContainers.Bridge.Firewall;

/// <summary>What other engines on this host have made of it, as far as their tables tell.</summary>
internal sealed class OtherEngines(Ruleset rules)
{
    /// <summary>The families for which one of them made the host a router.</summary>
    internal ForwardingGuard Guard()
    {
        var guard = ForwardingGuard.None;
        foreach (var chain in Tables().Select(table => Nftables.TryAsk($"list chain {table} {Ruleset.ForwardChain}", 0)).OfType<string>())
        {
            // No other rule of that chain names a family.
            guard |= chain.Contains("nfproto ipv4", StringComparison.Ordinal) ? ForwardingGuard.IPv4 : ForwardingGuard.None;
            guard |= chain.Contains("nfproto ipv6", StringComparison.Ordinal) ? ForwardingGuard.IPv6 : ForwardingGuard.None;
        }

        return guard;
    }

    /// <summary>The links for which they have the host listen to other routers while it is one itself.</summary>
    internal IEnumerable<string> Advertised() => Tables()
        .Select(table => Nftables.TryAsk($"list set {table} {Ruleset.Advertised}", LibNftables.OutputJson))
        .OfType<string>()
        .SelectMany(TableListing.ParseElements)
        .Select(element => element.Key)
        .Distinct();

    private List<string> Tables()
    {
        if (Nftables.TryAsk($"list tables {TableName.Family}", LibNftables.OutputJson) is not { } answer)
        {
            return [];
        }

        using var document = JsonDocument.Parse(answer);
        return
        [
            .. document.RootElement.GetProperty("nftables").EnumerateArray()
                .Where(item => item.TryGetProperty("table", out _))
                .Select(item => item.GetProperty("table").GetProperty("name").GetString()!)
                .Where(TableName.IsOfEngine)
                .Select(name => $"{TableName.Family} {name}")
                .Where(table => table != rules.Table),
        ];
    }
}

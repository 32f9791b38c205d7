using System.Globalization;
using System.Text;
using PsContainers.Bridge.Links;

namespace PsContainers.Bridge.Firewall;

/// <summary>Our table as text. Rules never name a network, a container or a port: those are elements of sets and maps.</summary>
/// <param name="table">With its family.</param>
internal sealed class Ruleset(string table)
{
    /// <summary>The links for which the host, while it is a router, listens to other routers all the same.</summary>
    internal const string Advertised = "advertised";

    /// <summary>The one chain that belongs to the user: made empty, asked before all others, and never touched again.</summary>
    internal const string UserChain = "user";

    internal const string ForwardChain = "forward";

    /// <summary>Sets and maps with their types. One pair per family, because an element has one type.</summary>
    internal static readonly IReadOnlyList<(string Kind, string Name, string Type)> Sets =
    [
        ("set", "bridges", "type ifname;"),
        ("set", "pairs", "type ifname . ifname;"),
        ("set", "apart", "type ifname . ifname;"),
        ("set", "isolated", "type ifname;"),
        ("set", "internal", "type ifname;"),
        ("set", "masqueraded", "type ifname;"),
        ("set", Advertised, "type ifname;"),
        ("map", "sources4", "type ifname : ipv4_addr;"),
        ("map", "sources6", "type ifname : ipv6_addr;"),
        ("set", "subnets4", "type ifname . ipv4_addr; flags interval;"),
        ("set", "subnets6", "type ifname . ipv6_addr; flags interval;"),
        ("set", "resolvers4", "type ipv4_addr;"),
        ("set", "resolvers6", "type ipv6_addr;"),
        ("map", "ports4", "type inet_proto . inet_service : ipv4_addr . inet_service;"),
        ("map", "ports6", "type inet_proto . inet_service : ipv6_addr . inet_service;"),
        ("map", "bound4", "type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;"),
        ("map", "bound6", "type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service;"),
    ];

    private static readonly string Foreign = string.Create(
        CultureInfo.InvariantCulture,
        $"iifname != @bridges oifname != @bridges iifgroup != {BridgeLink.Group} oifgroup != {BridgeLink.Group} drop");

    // Containers ask our resolvers by their gateway: who published that port of all addresses gets what is meant for any other one.
    // Maps of ports stand by address first: who bound one address gets it before who bound all of them.
    private static readonly (string Chain, string Hook, string[] Rules)[] _chains =
    [
        ("publish", "",
        [
            "meta l4proto { tcp, udp } th dport 53 ip daddr @resolvers4 return",
            "meta l4proto { tcp, udp } th dport 53 ip6 daddr @resolvers6 return",
            "dnat ip to ip daddr . meta l4proto . th dport map @bound4",
            "dnat ip to meta l4proto . th dport map @ports4",
            "dnat ip6 to ip6 daddr . meta l4proto . th dport map @bound6",
            "dnat ip6 to meta l4proto . th dport map @ports6",
        ]),

        // Our bridges have route_localnet, for 127.0.0.1; without this, containers would reach what listens there (CVE-2020-8558).
        ("early", "type filter hook prerouting priority raw; policy accept;",
        [
            "iifname @bridges ip daddr 127.0.0.0/8 drop",
            "iifname @bridges ip saddr 127.0.0.0/8 drop",
        ]),

        // The kernel calls a packet for 127.0.0.1 from a wire a martian only after this hook: until then it would reach a container.
        ("prerouting", "type nat hook prerouting priority dstnat; policy accept;",
        [
            "ip daddr 127.0.0.0/8 return",
            "fib daddr type local jump publish",
        ]),

        // ::1 has no route_localnet: a refused connection is better than one that hangs.
        ("output", "type nat hook output priority -100; policy accept;",
        [
            "ip6 daddr ::1 return",
            "fib daddr type local jump publish",
        ]),

        // With br_netfilter there is no incoming link here for what comes back to its own bridge, so this asks for addresses.
        ("postrouting", "type nat hook postrouting priority srcnat; policy accept;",
        [
            "ip saddr 127.0.0.0/8 oifname @bridges masquerade",
            "ct status dnat oifname . ip saddr @subnets4 masquerade",
            "ct status dnat oifname . ip6 saddr @subnets6 masquerade",
            "oifname != @bridges snat ip to iifname map @sources4",
            "oifname != @bridges snat ip6 to iifname map @sources6",
            "iifname @masqueraded oifname != @bridges masquerade",
        ]),

        // To accept means here no more than to be done with this chain: a drop in another table stays one.
        (ForwardChain, "type filter hook forward priority filter; policy accept;",
        [
            $"jump {UserChain}",
            "ct state established,related accept",
            "iifname . oifname @pairs accept",
            "iifname @internal drop",
            "oifname @internal drop",
            "oifname @bridges ct status dnat accept",
            "iifname . oifname @apart drop",
            "iifname @bridges oifname @isolated drop",
            "iifname != @bridges oifname @bridges drop",
        ]),
    ];

    internal string Table { get; } = table;

    /// <summary>
    /// Everything, in a form that can be applied whatever is there: the table and its chains are made, emptied and filled. The user's
    /// chain stays as it is.
    /// </summary>
    internal string Whole(ForwardingGuard guard, IEnumerable<FirewallElement> elements)
    {
        var text = new StringBuilder();
        text.Append("add table ").Append(Table).Append('\n');
        foreach (var (kind, name, type) in Sets)
        {
            text.Append($"add {kind} {Table} {name} {{ {type} }}\nflush {kind} {Table} {name}\n");
        }

        text.Append($"add chain {Table} {UserChain}\n");
        foreach (var (chain, hook, _) in _chains)
        {
            text.Append($"add chain {Table} {chain}").Append(hook.Length == 0 ? "\n" : $" {{ {hook} }}\n");
            text.Append($"flush chain {Table} {chain}\n");
        }

        foreach (var (chain, _, rules) in _chains)
        {
            foreach (var rule in chain == ForwardChain ? [.. rules, .. GuardRules(guard)] : rules)
            {
                text.Append($"add rule {Table} {chain} {rule}\n");
            }
        }

        return text.Append(Add(elements)).ToString();
    }

    /// <summary>Adds elements; one that is there already is no error, one with another value is.</summary>
    internal string Add(IEnumerable<FirewallElement> elements) => Change("add", elements, hasValue: true);

    /// <summary>Removes elements; one that is not there is an error, and then none is removed.</summary>
    internal string Delete(IEnumerable<FirewallElement> elements) => Change("delete", elements, hasValue: false);

    /// <summary>Removes the table, whether it is there or not.</summary>
    internal string DeleteTable() => $"add table {Table}\ndelete table {Table}\n";

    /// <summary>Removes everything but the user's chain.</summary>
    internal string DeleteAllButUserChain()
    {
        var text = new StringBuilder();
        foreach (var (chain, _, _) in _chains)
        {
            text.Append($"flush chain {Table} {chain}\n");
        }

        // What is jumped to, first of them, goes last.
        foreach (var (chain, _, _) in _chains.Reverse())
        {
            text.Append($"delete chain {Table} {chain}\n");
        }

        foreach (var (kind, name, _) in Sets)
        {
            text.Append($"delete {kind} {Table} {name}\n");
        }

        return text.ToString();
    }

    // Between links of others nothing was routed before we switched that on. Bridges of another engine are known by their group.
    private static IEnumerable<string> GuardRules(ForwardingGuard guard)
    {
        if (guard.HasFlag(ForwardingGuard.IPv4))
        {
            yield return $"meta nfproto ipv4 {Foreign}";
        }

        if (guard.HasFlag(ForwardingGuard.IPv6))
        {
            yield return $"meta nfproto ipv6 {Foreign}";
        }
    }

    private string Change(string verb, IEnumerable<FirewallElement> elements, bool hasValue)
    {
        var text = new StringBuilder();
        foreach (var set in elements.GroupBy(element => element.Set))
        {
            var items = set.Select(element => Quoted(hasValue ? element : element with { Value = null })).Distinct();
            text.Append($"{verb} element {Table} {set.Key} {{ {string.Join(", ", items)} }}\n");
        }

        return text.ToString();
    }

    // A link's name may be a word of nft's language, or begin with a digit.
    private static string Quoted(FirewallElement element)
    {
        var key = Sets.First(set => set.Name == element.Set).Type.StartsWith("type ifname", StringComparison.Ordinal)
            ? string.Join(" . ", element.Key.Split(" . ").Select((part, i) => IsLinkName(element.Set, i) ? $"\"{part}\"" : part))
            : element.Key;
        return element.Value is null ? key : $"{key} : {element.Value}";
    }

    private static bool IsLinkName(string set, int part) => part == 0 || set is "pairs" or "apart";
}

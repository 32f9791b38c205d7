using System.Text.Json;
using PsContainers.Linux;

namespace PsContainers.Bridge.Firewall;

/// <summary>What the kernel has of our table.</summary>
internal sealed class TableListing(Ruleset rules)
{
    private readonly string _question = $"list table {rules.Table}";

    /// <summary>
    /// Where chains, sets and maps differ from what they should be; a line for each. Of the user's chain only that it is there.
    /// </summary>
    /// <remarks>
    /// nft prints rules otherwise than they were written, and each version in its own way. So what should be is loaded into a network
    /// namespace that is thrown away, and printed by the same library.
    /// </remarks>
    internal IReadOnlyList<string> Differences(ForwardingGuard guard)
    {
        if (Nftables.TryAsk(_question, LibNftables.OutputTerse) is not { } present)
        {
            return [$"the firewall's table {rules.Table} is missing"];
        }

        using var scratch = NetworkNamespace.Create();
        var wanted = scratch.Run(() => Nftables.TryRun(rules.Whole(guard, [])) is { } error
            ? throw new Drivers.DriverException($"the firewall's table cannot be made: {error}", Drivers.DriverErrorKind.Failed)
            : Nftables.TryAsk(_question, LibNftables.OutputTerse)!);
        var (should, does) = (Parts(wanted), Parts(present));
        return
        [
            .. should.Keys.Except(does.Keys).Select(part => $"the firewall's {part} is missing"),
            .. should.Keys
                .Where(part => part != $"chain {Ruleset.UserChain}" && does.TryGetValue(part, out var text) && text != should[part])
                .Select(part => $"the firewall's {part} was changed"),
        ];
    }

    /// <summary>All elements of our sets and maps; none when there is no table.</summary>
    internal IReadOnlyList<FirewallElement> Elements() =>
        Nftables.TryAsk(_question, LibNftables.OutputJson) is { } answer ? ParseElements(answer) : [];

    /// <summary>Reads <c>nft -j list table</c>. libnftables-json(5)</summary>
    internal static List<FirewallElement> ParseElements(string json)
    {
        var elements = new List<FirewallElement>();
        using var document = JsonDocument.Parse(json);
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if ((item.TryGetProperty("set", out var set) || item.TryGetProperty("map", out set))
                && set.TryGetProperty("elem", out var list))
            {
                var name = set.GetProperty("name").GetString()!;
                elements.AddRange(list.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.Array
                    ? new FirewallElement(name, TextOf(element[0]), TextOf(element[1]))
                    : new FirewallElement(name, TextOf(element))));
            }
        }

        return elements;
    }

    /// <summary>The blocks of a listing by their headings, as <c>chain forward</c>.</summary>
    internal static Dictionary<string, string> Parts(string listing)
    {
        var parts = new Dictionary<string, string>();
        string? heading = null;
        foreach (var line in listing.Split('\n').Select(line => line.Trim()))
        {
            if (line.EndsWith('{') && !line.StartsWith("table ", StringComparison.Ordinal))
            {
                heading = line[..^1].TrimEnd();
                parts[heading] = "";
            }
            else if (line == "}")
            {
                heading = null;
            }
            else if (heading is not null)
            {
                parts[heading] += line + "\n";
            }
        }

        return parts;
    }

    private static string TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return value.ToString();
        }

        if (value.TryGetProperty("concat", out var parts))
        {
            return string.Join(" . ", parts.EnumerateArray().Select(TextOf));
        }

        return value.TryGetProperty("prefix", out var prefix)
            ? $"{prefix.GetProperty("addr")}/{prefix.GetProperty("len")}"
            : value.TryGetProperty("elem", out var element) ? TextOf(element.GetProperty("val")) : value.ToString();
    }
}

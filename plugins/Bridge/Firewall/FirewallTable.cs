using System.Text.Json;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.State;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Firewall;

/// <summary>
/// Our table in the kernel. A change is tried as if all were as it should be; only when that fails is the whole table brought to what
/// the records say, whatever became of it: flushed, deleted, or left half-done by a killed session.
/// </summary>
internal sealed class FirewallTable(RunRecords records, Forwarding forwarding)
{
    /// <summary>Adds what the records hold already.</summary>
    internal void Add(IReadOnlyList<FirewallElement> elements)
    {
        if (elements.Count > 0 && Nftables.TryRun(Ruleset.Add(elements)) is not null)
        {
            Rebuild();
        }
    }

    /// <summary>Removes what the records do not hold any more.</summary>
    internal void Remove(IReadOnlyList<FirewallElement> elements)
    {
        if (elements.Count > 0 && Nftables.TryRun(Ruleset.Delete(elements)) is not null)
        {
            Rebuild();
        }
    }

    /// <summary>Makes of the former elements the latter, in one step.</summary>
    internal void Replace(IReadOnlyList<FirewallElement> former, IReadOnlyList<FirewallElement> latter)
    {
        var (gone, added) = (former.Except(latter).ToList(), latter.Except(former).ToList());
        if (gone.Count + added.Count > 0 && Nftables.TryRun(Ruleset.Delete(gone) + Ruleset.Add(added)) is not null)
        {
            Rebuild();
        }
    }

    /// <summary>Makes the table what the records say.</summary>
    internal void Rebuild()
    {
        var text = Ruleset.Whole(forwarding.Guard, records.Elements().Select(found => found.Element));
        if (Nftables.TryRun(text) is { } error)
        {
            throw new DriverException($"the firewall's table {Ruleset.Table} cannot be made: {error}", DriverErrorKind.Failed);
        }
    }

    /// <summary>Refuses elements whose key somebody else has with another value.</summary>
    internal void CheckFree(string owner, IReadOnlyList<FirewallElement> elements)
    {
        var wanted = elements.ToDictionary(element => (element.Set, element.Key));
        foreach (var (other, element) in records.Elements())
        {
            if (other != owner && element.Value is not null && wanted.ContainsKey((element.Set, element.Key)))
            {
                throw new DriverException(
                    $"port {element.Key.Replace(" . ", " ", StringComparison.Ordinal)} of the host is published by container {other[..12]}",
                    DriverErrorKind.InUse,
                    "ports");
            }
        }
    }

    /// <summary>Removes the table; where the user put rules into his chain, that stays.</summary>
    internal static void RemoveTable()
    {
        var text = HasUserRules() ? Ruleset.DeleteAllButUserChain() : Ruleset.DeleteTable();
        if (Nftables.TryRun(text) is not null && Nftables.TryRun(Ruleset.DeleteTable()) is { } error)
        {
            throw new DriverException($"the firewall's table {Ruleset.Table} cannot be removed: {error}", DriverErrorKind.Failed);
        }
    }

    private static bool HasUserRules()
    {
        var answer = Nftables.TryAsk($"list chain {Ruleset.Table} {Ruleset.UserChain}", LibNftables.OutputJson);
        if (answer is null)
        {
            return false;
        }

        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("nftables").EnumerateArray().Any(item => item.TryGetProperty("rule", out _));
    }
}

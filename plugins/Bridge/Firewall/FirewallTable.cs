using System.Text.Json;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.State;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Firewall;

/// <summary>
/// Our table in the kernel. A change is tried as if all were as it should be; only when that fails is the whole table brought to what
/// the records say, whatever became of it: flushed, deleted, or left half-done by a killed session.
/// </summary>
internal sealed class FirewallTable(Ruleset rules, RunRecords records, Forwarding forwarding)
{
    /// <summary>Makes of the former elements of an owner the latter, which his record holds already, in one step.</summary>
    internal void Replace(string owner, IReadOnlyList<FirewallElement> former, IReadOnlyList<FirewallElement> latter)
    {
        var (gone, added) = (former.Except(latter).ToList(), latter.Except(former).ToList());
        if (gone.Count + added.Count > 0 && Nftables.TryRun(rules.Delete(gone) + rules.Add(added)) is not null)
        {
            CheckFree(owner, added);
            Rebuild();
        }

        TrackedDatagrams.Forget(gone, added);
    }

    /// <summary>Makes the table what the records say.</summary>
    internal void Rebuild()
    {
        // Whoever has a key for sure goes before who only wants it.
        var elements = records.Elements().OrderBy(found => found.IsPending).Select(found => found.Element)
            .DistinctBy(element => (element.Set, element.Key))
            .Concat(forwarding.Advertised.Select(link => new FirewallElement(Ruleset.Advertised, link)));
        var text = rules.Whole(forwarding.Guard, elements);
        if (Nftables.TryRun(text) is { } error)
        {
            throw new DriverException($"the firewall's table {rules.Table} cannot be made: {error}", DriverErrorKind.Failed);
        }
    }

    // Refuses elements whose key somebody else has.
    private void CheckFree(string owner, IReadOnlyList<FirewallElement> elements)
    {
        var wanted = elements.Where(element => element.Value is not null).Select(element => (element.Set, element.Key)).ToHashSet();
        foreach (var (other, element, isPending) in records.Elements())
        {
            if (other != owner && !isPending && wanted.Contains((element.Set, element.Key)))
            {
                throw new DriverException(
                    $"port {Port(element)} is published by container {other[..12]}",
                    DriverErrorKind.InUse,
                    "ports");
            }
        }
    }

    private static string Port(FirewallElement element)
    {
        var parts = element.Key.Split(" . ");
        return $"{parts[^1]}/{parts[^2]}{(parts.Length > 2 ? $" of {parts[0]}" : "")}";
    }

    /// <summary>Removes the table; where the user put rules into his chain, that stays.</summary>
    internal void RemoveTable()
    {
        var text = HasUserRules() ? rules.DeleteAllButUserChain() : rules.DeleteTable();
        if (Nftables.TryRun(text) is not null && Nftables.TryRun(rules.DeleteTable()) is { } error)
        {
            throw new DriverException($"the firewall's table {rules.Table} cannot be removed: {error}", DriverErrorKind.Failed);
        }
    }

    private bool HasUserRules()
    {
        var answer = Nftables.TryAsk($"list chain {rules.Table} {Ruleset.UserChain}", LibNftables.OutputJson);
        if (answer is null)
        {
            return false;
        }

        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("nftables").EnumerateArray().Any(item => item.TryGetProperty("rule", out _));
    }
}

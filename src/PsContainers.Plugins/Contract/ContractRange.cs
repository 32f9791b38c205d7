namespace PsContainers.Plugins.Contract;

/// <summary>
/// Versions of the contract that a plugin can speak: <c>1.2</c> is every version of 1 from 1.2 on, <c>1.2-3.0</c> all from one to the
/// other.
/// </summary>
internal readonly record struct ContractRange(ContractVersion First, ContractVersion Last)
{
    public static ContractRange? TryParse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            return ContractVersion.TryParse(text) is { } only ? new ContractRange(only, only with { Minor = int.MaxValue }) : null;
        }

        return ContractVersion.TryParse(text.AsSpan(0, dash)) is { } first
            && ContractVersion.TryParse(text.AsSpan(dash + 1)) is { } last
            && first.CompareTo(last) <= 0
                ? new ContractRange(first, last)
                : null;
    }

    public bool Contains(ContractVersion version) => First.CompareTo(version) <= 0 && version.CompareTo(Last) <= 0;

    /// <summary>The highest version that both can speak; null when there is none.</summary>
    /// <param name="engine">It speaks every earlier one of the same major version as well: a minor one takes nothing away.</param>
    public ContractVersion? CommonWith(ContractVersion engine)
    {
        var highest = Last.CompareTo(engine) < 0 ? Last : engine;
        return highest.Major == engine.Major && First.CompareTo(highest) <= 0 ? highest : null;
    }
}

using System.Collections;
using System.Globalization;

namespace PsContainers.Runtime.Cgroups;

/// <summary>A set of CPUs or memory nodes as the kernel writes it: <c>0-3,7</c>. cpuset(7), "List format"</summary>
public sealed class CpuList : IEnumerable<int>
{
    private readonly SortedSet<int> _members;

    private CpuList(SortedSet<int> members) => _members = members;

    public int Count => _members.Count;

    /// <summary>In ascending order; never empty.</summary>
    public IReadOnlyCollection<int> Members => _members;

    public int Largest => _members.Max;

    /// <summary>The CPUs that are switched on in this machine.</summary>
    public static CpuList Online() => Parse(File.ReadAllText("/sys/devices/system/cpu/online").Trim());

    public static CpuList Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"'{text}' is not a list such as 0-3,7");

    public static CpuList? TryParse(string text)
    {
        var members = new SortedSet<int>();
        foreach (var range in text.Split(','))
        {
            var hyphen = range.IndexOf('-', StringComparison.Ordinal);
            var from = Number(hyphen < 0 ? range : range[..hyphen]);
            var to = hyphen < 0 ? from : Number(range[(hyphen + 1)..]);
            if (from is not { } first || to is not { } last || first > last)
            {
                return null;
            }

            members.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return new CpuList(members);
    }

    public IEnumerator<int> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The members that another list lacks.</summary>
    public IReadOnlyList<int> Except(CpuList other) => [.. _members.Except(other._members)];

    // Four digits are more CPUs than Linux can be built for (CONFIG_NR_CPUS), and bound the work.
    private static int? Number(string text) =>
        text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

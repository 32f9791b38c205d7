using System.Globalization;

namespace PsContainers.Engine.Isolation;

/// <summary>The host's user and group ids that stand for 0 to 65535 in a container with a user namespace of its own. subuid(5)</summary>
internal static class IdRange
{
    public const uint Size = 65536;

    // Where podman suggests to begin for its user `containers`: above everything that people and services are given.
    private const uint First = 0x80000000;

    /// <summary>The first range that no other container has, of those the host sets aside for the user <c>containers</c>.</summary>
    /// <param name="used">First ids of the ranges that containers have.</param>
    public static uint? Choose(IReadOnlySet<uint> used) => Choose(used, Lines("/etc/subuid"), Lines("/etc/subgid"));

    public static uint? Choose(IReadOnlySet<uint> used, IEnumerable<string> subuid, IEnumerable<string> subgid)
    {
        var (users, groups) = (Ranges(subuid), Ranges(subgid));
        if (users.Count == 0 && groups.Count == 0)
        {
            users = groups = [(First, uint.MaxValue - First)];
        }

        foreach (var (first, count) in users)
        {
            for (var start = first; start + (long)Size <= first + (long)count; start += Size)
            {
                var isForGroups = groups.Any(range => range.First <= start && start + (long)Size <= range.First + (long)range.Count);
                if (isForGroups && !used.Any(other => Math.Abs((long)other - start) < Size))
                {
                    return start;
                }
            }
        }

        return null;
    }

    // "containers:2147483647:2147483648"
    private static List<(uint First, uint Count)> Ranges(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => line.Split(':'))
            .Where(parts => parts is ["containers", _, _])
            .Select(parts => (Number(parts[1]), Number(parts[2])))
            .Where(range => range is { Item1: > 0, Item2: > 0 }),
    ];

    private static uint Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}

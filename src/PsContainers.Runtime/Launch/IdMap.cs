using System.Globalization;
using System.Text;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Id mappings as /proc/PID/uid_map takes them: a line per range. user_namespaces(7)</summary>
internal static class IdMap
{
    // Linux 4.15; before, there were 5.
    private const int MostRanges = 340;

    /// <exception cref="InvalidSettingException">No range, an empty one, ranges that overlap, or more than the kernel takes.</exception>
    internal static string Text(IReadOnlyList<LinuxIdMapping> mappings, string setting)
    {
        if (mappings.Count is 0 or > MostRanges)
        {
            throw new InvalidSettingException(
                setting, mappings.Count == 0 ? "a user namespace needs at least one mapping" : $"more than {MostRanges} mappings");
        }

        Check([.. mappings.Select(m => (m.ContainerId, m.Size))], $"{setting}.containerID");
        Check([.. mappings.Select(m => (m.HostId, m.Size))], $"{setting}.hostID");
        var text = new StringBuilder();
        foreach (var mapping in mappings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        return text.ToString();
    }

    private static void Check((uint First, uint Size)[] ranges, string setting)
    {
        ulong end = 0;
        foreach (var (first, size) in ranges.OrderBy(range => range.First))
        {
            if (size == 0 || (ulong)first + size > uint.MaxValue)
            {
                throw new InvalidSettingException(setting, $"{size} ids from {first} on is no range of ids");
            }

            if (first < end)
            {
                throw new InvalidSettingException(setting, $"id {first} is mapped twice");
            }

            end = (ulong)first + size;
        }
    }
}

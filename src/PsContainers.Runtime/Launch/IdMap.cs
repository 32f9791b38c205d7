using System.Globalization;
using System.Text;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Id mappings as /proc/PID/uid_map takes them: a line `inside outside count` per range. user_namespaces(7)</summary>
internal static class IdMap
{
    // The kernel's UID_GID_MAP_MAX_EXTENTS, since Linux 4.15.
    private const int MaximumRanges = 340;

    /// <summary>The ranges as the kernel reads them.</summary>
    /// <exception cref="InvalidSettingException">A range the kernel would refuse, named.</exception>
    internal static string Text(IReadOnlyList<LinuxIdMapping> ranges, string setting)
    {
        if (ranges.Count > MaximumRanges)
        {
            throw new InvalidSettingException(setting, $"{ranges.Count} ranges are more than the kernel's {MaximumRanges}");
        }

        var text = new StringBuilder();
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            if (range.Size == 0 || Math.Max(range.ContainerId, range.HostId) > uint.MaxValue - range.Size)
            {
                throw new InvalidSettingException(
                    $"{setting}[{i}]", $"{range.Size} ids from {range.ContainerId} and {range.HostId} on are no range of ids");
            }

            var other = ranges.Take(i).FirstOrDefault(
                r => Overlaps(r.ContainerId, range.ContainerId, r.Size, range.Size)
                    || Overlaps(r.HostId, range.HostId, r.Size, range.Size));
            if (other is not null)
            {
                throw new InvalidSettingException(
                    $"{setting}[{i}]", $"overlaps the range of {other.Size} from {other.ContainerId} and {other.HostId} on");
            }

            text.Append(CultureInfo.InvariantCulture, $"{range.ContainerId} {range.HostId} {range.Size}\n");
        }

        return text.ToString();
    }

    private static bool Overlaps(ulong first, ulong second, ulong firstSize, ulong secondSize) =>
        first < second + secondSize && second < first + firstSize;

    /// <summary>The user or group that sets up a container: 0 if it is mapped, else the first that is.</summary>
    internal static uint Root(IReadOnlyList<LinuxIdMapping>? mappings) =>
        mappings is not { Count: > 0 } || mappings.Any(m => m.ContainerId == 0) ? 0 : mappings[0].ContainerId;
}

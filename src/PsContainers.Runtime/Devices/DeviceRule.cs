using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Devices;

/// <summary>A rule for device nodes of one kind; a missing number matches all. Prints as version 1 takes it: <c>c 1:3 rwm</c>.</summary>
public sealed record DeviceRule(bool Allow, char Kind, long? Major, long? Minor, DeviceAccess Access)
{
    /// <summary>The rules that one entry of config.json stands for: an entry for all kinds of devices is one for each.</summary>
    internal static IEnumerable<DeviceRule> Of(LinuxDeviceCgroup rule, string setting)
    {
        char[] kinds = rule.Type switch
        {
            null or "" or "a" => ['b', 'c'],
            "b" => ['b'],
            "c" or "u" => ['c'],
            _ => throw new InvalidSettingException($"{setting}.type", $"'{rule.Type}' is none of a, b, c"),
        };

        var access = ParseAccess(rule.Access, $"{setting}.access");
        return kinds.Select(kind => new DeviceRule(rule.Allow, kind, Number(rule.Major), Number(rule.Minor), access));
    }

    /// <summary>Whether every device of the other rule is one of this rule's.</summary>
    internal bool Covers(DeviceRule other) =>
        Kind == other.Kind && (Major is null || Major == other.Major) && (Minor is null || Minor == other.Minor);

    internal bool Overlaps(DeviceRule other) =>
        Kind == other.Kind && (Access & other.Access) != 0
        && (Major is null || other.Major is null || Major == other.Major)
        && (Minor is null || other.Minor is null || Minor == other.Minor);

    public override string ToString() => $"{Kind} {Text(Major)}:{Text(Minor)} {Text(Access)}";

    // Docker and podman also write −1 for "all".
    private static long? Number(long? number) => number is null or < 0 ? null : number;

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";

    private static string Text(DeviceAccess access) =>
        (access.HasFlag(DeviceAccess.Read) ? "r" : "")
        + (access.HasFlag(DeviceAccess.Write) ? "w" : "")
        + (access.HasFlag(DeviceAccess.Mknod) ? "m" : "");

    private static DeviceAccess ParseAccess(string? text, string setting)
    {
        if (string.IsNullOrEmpty(text))
        {
            return DeviceAccess.All;
        }

        return text.Aggregate((DeviceAccess)0, (access, letter) => access | letter switch
        {
            'r' => DeviceAccess.Read,
            'w' => DeviceAccess.Write,
            'm' => DeviceAccess.Mknod,
            _ => throw new InvalidSettingException(setting, $"'{text}' has other letters than r, w, m"),
        });
    }
}

/// <summary>What may be done with a device node, with the bits of linux/bpf.h.</summary>
[Flags]
public enum DeviceAccess
{
    Mknod = 1 << 0, // BPF_DEVCG_ACC_MKNOD
    Read = 1 << 1, // BPF_DEVCG_ACC_READ
    Write = 1 << 2, // BPF_DEVCG_ACC_WRITE
    All = Mknod | Read | Write,
}

using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Runtime.Capabilities;

/// <summary>Capability names and their bits. capabilities(7)</summary>
public static class CapabilitySet
{
    // In the order of linux/capability.h: a name's index is its bit.
    private static readonly string[] _names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    private static readonly Dictionary<string, int> _bits =
        _names.Select((name, bit) => (name, bit)).ToDictionary(n => n.name, n => n.bit, StringComparer.OrdinalIgnoreCase);

    private static readonly Lazy<int> _lastCapability = new(() =>
        int.Parse(WholeFile.TryReadText("/proc/sys/kernel/cap_last_cap")!, CultureInfo.InvariantCulture));

    /// <summary>All names, a name's index being its bit.</summary>
    public static IReadOnlyList<string> All => _names;

    /// <summary>The fourteen that a container gets when nothing else is asked for, as with Docker.</summary>
    public static ulong Default { get; } = Parse(
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ]);

    /// <summary>The highest bit that the running kernel knows.</summary>
    public static int LastCapability => _lastCapability.Value;

    /// <summary>The bits that the running kernel knows; capset(2) silently drops others, and prctl(2) refuses them.</summary>
    public static ulong Supported => LastCapability >= 63 ? ulong.MaxValue : (1UL << (LastCapability + 1)) - 1;

    /// <summary>The capabilities that this process has itself, and can give to a container.</summary>
    public static ulong OfSelf => Effective(File.ReadLines("/proc/self/status")) & Supported;

    /// <summary>The bit number of a name, written with or without <c>CAP_</c> and in any case.</summary>
    public static int Bit(string name) =>
        _bits.TryGetValue(name, out var bit) || _bits.TryGetValue($"CAP_{name}", out bit)
            ? bit
            : throw new InvalidSettingException("capabilities", $"'{name}' is not a Linux capability; see capabilities(7) for the names");

    /// <summary>The set that names make; <c>ALL</c> stands for every one that the running kernel knows.</summary>
    public static ulong Parse(IEnumerable<string> names)
    {
        var set = 0UL;
        foreach (var name in names)
        {
            set |= name.ToUpperInvariant() is "ALL" or "CAP_ALL" ? Supported : 1UL << Bit(name);
        }

        return set;
    }

    /// <summary>The names in a set, in the order of their bits; bits without a name are left out.</summary>
    public static IReadOnlyList<string> Names(ulong set) => [.. _names.Where((_, bit) => Contains(set, bit))];

    public static bool Contains(ulong set, string name) => Contains(set, Bit(name));

    // proc_pid_status(5): "CapEff:	000001ffffffffff".
    private static ulong Effective(IEnumerable<string> status) => ulong.Parse(
        status.First(line => line.StartsWith("CapEff:", StringComparison.Ordinal)).AsSpan(7).Trim(),
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture);

    private static bool Contains(ulong set, int bit) => (set >> bit & 1) != 0;
}

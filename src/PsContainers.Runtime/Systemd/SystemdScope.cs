using System.Globalization;

namespace PsContainers.Runtime.Systemd;

/// <summary>A transient unit that a container's processes are in, `psc-ID.scope` in `system.slice`. systemd.scope(5)</summary>
public sealed record SystemdScope(string Name, string Slice)
{
    /// <summary>Whether this machine was booted with systemd, and it means the same processes by the same numbers. sd_booted(3)</summary>
    // A process of another pid namespace may see the host's /run: its numbers would be those of the host's own processes there.
    public static bool IsPossible =>
        Directory.Exists("/run/systemd/system") && File.ReadAllText("/proc/1/comm").TrimEnd('\n') == "systemd";

    /// <summary>What holds for every container's scope, whatever its limits.</summary>
    /// <param name="pid">The first process, which the scope is alive as long as: a scope without processes is none.</param>
    /// <param name="description">Says whose scope it is: <see cref="SystemdUnits.Stop"/> asks for it.</param>
    /// <param name="isUnified">Version 2 alone; the names of some properties depend on it.</param>
    internal IReadOnlyList<UnitProperty> Properties(int pid, string description, bool isUnified) =>
    [
        new("Description", description),
        new("Slice", Slice),
        new("PIDs", new[] { checked((uint)pid) }),

        // Systemd leaves the group and all below it to us; and counts there, so that the controllers are enabled on the way to it.
        new("Delegate", true),
        new("MemoryAccounting", true),
        new("CPUAccounting", true),
        new("TasksAccounting", true),
        new(isUnified ? "IOAccounting" : "BlockIOAccounting", true),

        // The end of the machine is a matter of whoever runs the containers. And a container that failed leaves nothing behind.
        new("DefaultDependencies", false),
        new("CollectMode", "inactive-or-failed"),
    ];

    /// <summary>The number in a version such as `252.38-1~deb12u1` or `v249`; 0 where there is none.</summary>
    internal static int VersionNumber(string version) =>
        int.TryParse(
            string.Concat(version.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number)
            ? number
            : 0;
}

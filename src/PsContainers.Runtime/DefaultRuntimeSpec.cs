using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Devices;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime;

/// <summary>The runtime configuration of a container before anything is asked for it: what users of Docker expect.</summary>
public static class DefaultRuntimeSpec
{
    public const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // Files of /proc and /sys that tell or change what belongs to the host, as Docker masks them since 2026. A path that
    // the kernel doesn't have is passed over.
    private static readonly string[] _maskedPaths =
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts", // keystroke timing, GHSA-6fw5-f8r9-fgfm
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/sys/devices/virtual/powercap", // power as a side channel, GHSA-jq35-85cj-fj4p
        "/sys/firmware",
    ];

    private static readonly string[] _readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    // One per CPU, and only on bare metal (GHSA-6fw5-f8r9-fgfm as well).
    private static readonly Lazy<string[]> _thermalThrottles = new(() =>
    [
        .. new DirectoryInfo("/sys/devices/system/cpu") is { Exists: true } cpus
            ? cpus.EnumerateDirectories("cpu*").Select(cpu => $"{cpu.FullName}/thermal_throttle").Where(Directory.Exists)
            : [],
    ]);

    public static RuntimeSpec Create()
    {
        var capabilities = CapabilitySet.Names(CapabilitySet.Default);
        return new RuntimeSpec
        {
            OciVersion = RuntimeSpec.Version,
            Process = new ProcessSpec
            {
                User = new UserSpec(),
                Cwd = "/",
                Env = [$"PATH={Path}"],
                // Nothing inheritable or ambient: CVE-2022-24769.
                Capabilities = new LinuxCapabilities { Bounding = capabilities, Effective = capabilities, Permitted = capabilities },
                NoNewPrivileges = true,
            },
            Root = new RootSpec { Path = "rootfs" },
            Mounts = Mounts(),
            Linux = new LinuxSpec
            {
                Namespaces = Namespaces(),
                Resources = new LinuxResources
                {
                    Devices = [new LinuxDeviceCgroup { Allow = false, Access = "rwm" }, .. DefaultDevices.Rules],
                },
                Seccomp = DefaultSeccomp.Profile(CapabilitySet.Default),
                MaskedPaths = [.. _maskedPaths, .. _thermalThrottles.Value],
                ReadonlyPaths = _readonlyPaths,
            },
        };
    }

    private static IReadOnlyList<LinuxNamespace> Namespaces() =>
    [
        new(LinuxNamespaceType.Pid),
        new(LinuxNamespaceType.Mount),
        new(LinuxNamespaceType.Ipc),
        new(LinuxNamespaceType.Uts),
        new(LinuxNamespaceType.Network),
        new(LinuxNamespaceType.Cgroup),
    ];

    private static IReadOnlyList<Mount> Mounts() =>
    [
        new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]),
        new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
        new("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", "ro"]),
        new("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
        new("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
    ];
}

using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>The nodes and links of /dev, and whatever devices the specification asks for besides.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#devices</remarks>
internal static class DeviceNodes
{
    // What the kernel's 32-bit number of a device has room for: 12 bits and 20.
    private const long MaximumMajor = 0xfff;
    private const long MaximumMinor = 0xfffff;
    private const uint TypeBits = 0xf000;
    private const uint DefaultMode = 0x1b6; // 0666

    private static readonly (string LinkTarget, string Target)[] _links =
    [
        ("/proc/self/fd", "/dev/fd"),
        ("/proc/self/fd/0", "/dev/stdin"),
        ("/proc/self/fd/1", "/dev/stdout"),
        ("/proc/self/fd/2", "/dev/stderr"),
    ];

    // runtime-spec, "Default Devices": supplied whatever linux.devices says.
    private static readonly LinuxDevice[] _default =
    [
        Character("/dev/null", 1, 3),
        Character("/dev/zero", 1, 5),
        Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8),
        Character("/dev/urandom", 1, 9),
        Character("/dev/tty", 5, 0),
    ];

    internal static IEnumerable<LaunchStep> Build(RuntimeSpec spec)
    {
        var devices = spec.Linux?.Devices ?? [];
        var isBound = (spec.Linux?.Namespaces ?? []).Any(n => n.Type == LinuxNamespaceType.User);
        var asked = new List<LaunchStep>();
        for (var i = 0; i < devices.Count; i++)
        {
            // The container's /dev/ptmx opens its own devpts; a node would open what lies beside it.
            if (devices[i].Path != "/dev/ptmx")
            {
                asked.Add(Step(devices[i], $"linux.devices[{i}]", isBound));
            }
            else
            {
                Step(devices[i], $"linux.devices[{i}]", isBound);
            }
        }

        // A /dev of the host is complete, and nothing may be made in it.
        if (HasHostDevices(spec))
        {
            return asked.Where(step => !PathOf(step).StartsWith("/dev/", StringComparison.Ordinal));
        }

        return
        [
            .. _default.Where(d => devices.All(other => other.Path != d.Path)).Select(d => Step(d, d.Path, isBound)),
            .. asked,
            .. _links.Select(link => new MakeSymlink(link.LinkTarget, link.Target)),
            new MakeSymlink("pts/ptmx", "/dev/ptmx", Replaces: true),
        ];
    }

    private static string PathOf(LaunchStep step) => step switch
    {
        MakeDevice made => made.Target,
        BindDevice bound => bound.Target,
        _ => "",
    };

    private static bool HasHostDevices(RuntimeSpec spec) => (spec.Mounts ?? []).Any(
        m => m.Destination.TrimEnd('/') == "/dev" && (m.Type == "bind" || MountOptions.Parse(m.Options).IsBind));

    private static LaunchStep Step(LinuxDevice device, string setting, bool isBound)
    {
        if (!device.Path.StartsWith('/') || device.Path.EndsWith('/'))
        {
            throw new InvalidSettingException($"{setting}.path", $"'{device.Path}' is not an absolute path of a node");
        }

        var type = device.Type switch
        {
            "c" or "u" => 0x2000u,
            "b" => 0x6000u,
            "p" => 0x1000u,
            _ => throw new InvalidSettingException($"{setting}.type", $"'{device.Type}' of {device.Path} is none of c, u, b and p"),
        };
        if (device.FileMode is { } given && (given & ~0xfffu) != 0 && (given & ~0xfffu) != type)
        {
            throw new InvalidSettingException(
                $"{setting}.fileMode", string.Create(CultureInfo.InvariantCulture, $"{given} is more than permissions"));
        }

        if (type == 0x1000)
        {
            return new MakeDevice(device.Path, Mode(device, type), 0, 0, device.Uid ?? 0, device.Gid ?? 0);
        }

        CheckNumber(device.Major, MaximumMajor, $"{setting}.major");
        CheckNumber(device.Minor, MaximumMinor, $"{setting}.minor");
        var (major, minor) = ((uint)device.Major, (uint)device.Minor);
        return isBound
            ? new BindDevice(device.Path, device.Path, type, major, minor)
            : new MakeDevice(device.Path, Mode(device, type), major, minor, device.Uid ?? 0, device.Gid ?? 0);
    }

    private static uint Mode(LinuxDevice device, uint type) => type | ((device.FileMode ?? DefaultMode) & ~TypeBits);

    private static void CheckNumber(long number, long maximum, string setting)
    {
        if (number < 0 || number > maximum)
        {
            throw new InvalidSettingException(
                setting, string.Create(CultureInfo.InvariantCulture, $"{number} is not between 0 and {maximum}"));
        }
    }

    private static LinuxDevice Character(string path, long major, long minor) =>
        new() { Path = path, Type = "c", Major = major, Minor = minor };
}

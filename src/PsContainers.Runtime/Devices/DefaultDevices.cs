using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Devices;

/// <summary>The devices that every container has.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#default-devices</remarks>
public static class DefaultDevices
{
    /// <summary>The nodes to make; <c>/dev/ptmx</c> and <c>/dev/console</c> depend on the container's pseudo-terminals.</summary>
    public static IReadOnlyList<LinuxDevice> Nodes { get; } =
    [
        Node("/dev/null", 1, 3),
        Node("/dev/zero", 1, 5),
        Node("/dev/full", 1, 7),
        Node("/dev/random", 1, 8),
        Node("/dev/urandom", 1, 9),
        Node("/dev/tty", 5, 0),
    ];

    /// <summary>Any node may be made, since making one opens nothing; these may be used too.</summary>
    public static IReadOnlyList<LinuxDeviceCgroup> Rules { get; } =
    [
        new() { Allow = true, Type = "c", Access = "m" },
        new() { Allow = true, Type = "b", Access = "m" },
        .. Nodes.Select(node => Usable(node.Major, node.Minor)),
        Usable(5, 1), // console
        Usable(5, 2), // ptmx
        Usable(136, null), // pts/*
    ];

    private static LinuxDevice Node(string path, long major, long minor) =>
        new() { Path = path, Type = "c", Major = major, Minor = minor, FileMode = 0x1B6 /* rw-rw-rw- */, Uid = 0, Gid = 0 };

    private static LinuxDeviceCgroup Usable(long major, long? minor) =>
        new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = "rwm" };
}

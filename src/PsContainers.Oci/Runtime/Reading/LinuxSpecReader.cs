namespace PsContainers.Oci.Runtime.Reading;

/// <summary>Reads `linux`. runtime-spec, "Linux Container Configuration"</summary>
internal static class LinuxSpecReader
{
    internal static LinuxSpec Linux(ref SpecReader json) => json.Object(
        new LinuxSpec(),
        static (ref SpecReader json, string name, LinuxSpec linux) => name switch
        {
            "uidMappings" => linux with { UidMappings = IdMappings(ref json) },
            "gidMappings" => linux with { GidMappings = IdMappings(ref json) },
            "sysctl" => linux with { Sysctl = json.TextMap() },
            "resources" => linux with { Resources = LinuxResourcesReader.Resources(ref json) },
            "cgroupsPath" => linux with { CgroupsPath = json.Text() },
            "namespaces" => linux with { Namespaces = json.List(Namespace) },
            "devices" => linux with { Devices = json.List(Device) },
            "netDevices" => linux with { NetDevices = json.Map(NetDevice) },
            "seccomp" => linux with { Seccomp = LinuxSeccompReader.Seccomp(ref json) },
            "rootfsPropagation" => linux with { RootfsPropagation = json.Text() },
            "maskedPaths" => linux with { MaskedPaths = json.Texts() },
            "readonlyPaths" => linux with { ReadonlyPaths = json.Texts() },
            "mountLabel" => linux with { MountLabel = json.Text() },
            "intelRdt" => linux with { IntelRdt = IntelRdt(ref json) },
            "memoryPolicy" => linux with { MemoryPolicy = MemoryPolicy(ref json) },
            "personality" => linux with { Personality = Personality(ref json) },
            "timeOffsets" => linux with { TimeOffsets = json.Map(TimeOffset) },
            _ => json.Skip(linux),
        });

    internal static IReadOnlyList<LinuxIdMapping> IdMappings(ref SpecReader json) => json.List(IdMapping);

    private static LinuxIdMapping IdMapping(ref SpecReader json) => json.Object(
        new LinuxIdMapping(0, 0, 0),
        static (ref SpecReader json, string name, LinuxIdMapping mapping) => name switch
        {
            "containerID" => mapping with { ContainerId = json.UInt32() },
            "hostID" => mapping with { HostId = json.UInt32() },
            "size" => mapping with { Size = json.UInt32() },
            _ => json.Skip(mapping),
        },
        "containerID", "hostID", "size");

    private static LinuxNamespace Namespace(ref SpecReader json) => json.Object(
        new LinuxNamespace(default),
        static (ref SpecReader json, string name, LinuxNamespace space) => name switch
        {
            "type" => space with { Type = NamespaceType(ref json) },
            "path" => space with { Path = json.Text() },
            _ => json.Skip(space),
        },
        "type");

    private static LinuxNamespaceType NamespaceType(ref SpecReader json) => json.Text() switch
    {
        "pid" => LinuxNamespaceType.Pid,
        "network" => LinuxNamespaceType.Network,
        "mount" => LinuxNamespaceType.Mount,
        "ipc" => LinuxNamespaceType.Ipc,
        "uts" => LinuxNamespaceType.Uts,
        "user" => LinuxNamespaceType.User,
        "cgroup" => LinuxNamespaceType.Cgroup,
        "time" => LinuxNamespaceType.Time,
        _ => throw json.Not("pid, network, mount, ipc, uts, user, cgroup or time"),
    };

    private static LinuxDevice Device(ref SpecReader json) => json.Object(
        new LinuxDevice { Path = "", Type = "" },
        static (ref SpecReader json, string name, LinuxDevice device) => name switch
        {
            "path" => device with { Path = json.Text() },
            "type" => device with { Type = json.Text() },
            "major" => device with { Major = json.Int64() },
            "minor" => device with { Minor = json.Int64() },
            "fileMode" => device with { FileMode = json.UInt32() },
            "uid" => device with { Uid = json.UInt32() },
            "gid" => device with { Gid = json.UInt32() },
            _ => json.Skip(device),
        },
        "path", "type");

    private static LinuxNetDevice NetDevice(ref SpecReader json) => json.Object(
        new LinuxNetDevice(),
        static (ref SpecReader json, string name, LinuxNetDevice device) =>
            name == "name" ? device with { Name = json.Text() } : json.Skip(device));

    private static LinuxIntelRdt IntelRdt(ref SpecReader json) => json.Object(
        new LinuxIntelRdt(),
        static (ref SpecReader json, string name, LinuxIntelRdt rdt) => name switch
        {
            "closID" => rdt with { ClosId = json.Text() },
            "schemata" => rdt with { Schemata = json.Texts() },
            "l3CacheSchema" => rdt with { L3CacheSchema = json.Text() },
            "memBwSchema" => rdt with { MemBwSchema = json.Text() },
            "enableMonitoring" => rdt with { EnableMonitoring = json.Flag() },
            _ => json.Skip(rdt),
        });

    internal static LinuxMemoryPolicy MemoryPolicy(ref SpecReader json) => json.Object(
        new LinuxMemoryPolicy { Mode = "" },
        static (ref SpecReader json, string name, LinuxMemoryPolicy policy) => name switch
        {
            "mode" => policy with { Mode = json.Text() },
            "nodes" => policy with { Nodes = json.Text() },
            "flags" => policy with { Flags = json.Texts() },
            _ => json.Skip(policy),
        },
        "mode");

    internal static LinuxPersonality Personality(ref SpecReader json) => json.Object(
        new LinuxPersonality(""),
        static (ref SpecReader json, string name, LinuxPersonality personality) => name switch
        {
            "domain" => personality with { Domain = json.Text() },
            "flags" => personality with { Flags = json.Texts() },
            _ => json.Skip(personality),
        },
        "domain");

    private static LinuxTimeOffset TimeOffset(ref SpecReader json) => json.Object(
        new LinuxTimeOffset(),
        static (ref SpecReader json, string name, LinuxTimeOffset offset) => name switch
        {
            "secs" => offset with { Secs = json.Int64() },
            "nanosecs" => offset with { Nanosecs = json.UInt32() },
            _ => json.Skip(offset),
        });
}

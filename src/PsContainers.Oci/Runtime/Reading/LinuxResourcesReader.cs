namespace PsContainers.Oci.Runtime.Reading;

/// <summary>Reads `linux.resources`. runtime-spec, "Control groups"</summary>
internal static class LinuxResourcesReader
{
    internal static LinuxResources Resources(ref SpecReader json) => json.Object(
        new LinuxResources(),
        static (ref SpecReader json, string name, LinuxResources resources) => name switch
        {
            "devices" => resources with { Devices = json.List(Device) },
            "memory" => resources with { Memory = Memory(ref json) },
            "cpu" => resources with { Cpu = Cpu(ref json) },
            "pids" => resources with { Pids = Pids(ref json) },
            "blockIO" => resources with { BlockIo = BlockIo(ref json) },
            "hugepageLimits" => resources with { HugepageLimits = json.List(HugepageLimit) },
            "network" => resources with { Network = Network(ref json) },
            "rdma" => resources with { Rdma = json.Map(Rdma) },
            "unified" => resources with { Unified = json.TextMap() },
            _ => json.Skip(resources),
        });

    private static LinuxDeviceCgroup Device(ref SpecReader json) => json.Object(
        new LinuxDeviceCgroup { Allow = false },
        static (ref SpecReader json, string name, LinuxDeviceCgroup device) => name switch
        {
            "allow" => device with { Allow = json.Flag() },
            "type" => device with { Type = json.Text() },
            "major" => device with { Major = json.Int64() },
            "minor" => device with { Minor = json.Int64() },
            "access" => device with { Access = json.Text() },
            _ => json.Skip(device),
        },
        "allow");

    private static LinuxMemory Memory(ref SpecReader json) => json.Object(
        new LinuxMemory(),
        static (ref SpecReader json, string name, LinuxMemory memory) => name switch
        {
            "limit" => memory with { Limit = json.Int64() },
            "reservation" => memory with { Reservation = json.Int64() },
            "swap" => memory with { Swap = json.Int64() },
            "kernel" => memory with { Kernel = json.Int64() },
            "kernelTCP" => memory with { KernelTcp = json.Int64() },
            "swappiness" => memory with { Swappiness = json.UInt64() },
            "disableOOMKiller" => memory with { DisableOomKiller = json.Flag() },
            "useHierarchy" => memory with { UseHierarchy = json.Flag() },
            "checkBeforeUpdate" => memory with { CheckBeforeUpdate = json.Flag() },
            _ => json.Skip(memory),
        });

    private static LinuxCpu Cpu(ref SpecReader json) => json.Object(
        new LinuxCpu(),
        static (ref SpecReader json, string name, LinuxCpu cpu) => name switch
        {
            "shares" => cpu with { Shares = json.UInt64() },
            "quota" => cpu with { Quota = json.Int64() },
            "burst" => cpu with { Burst = json.UInt64() },
            "period" => cpu with { Period = json.UInt64() },
            "realtimeRuntime" => cpu with { RealtimeRuntime = json.Int64() },
            "realtimePeriod" => cpu with { RealtimePeriod = json.UInt64() },
            "cpus" => cpu with { Cpus = json.Text() },
            "mems" => cpu with { Mems = json.Text() },
            "idle" => cpu with { Idle = json.Int64() },
            _ => json.Skip(cpu),
        });

    private static LinuxPids Pids(ref SpecReader json) => json.Object(
        new LinuxPids(),
        static (ref SpecReader json, string name, LinuxPids pids) => name == "limit" ? new LinuxPids(json.Int64()) : json.Skip(pids));

    private static LinuxBlockIo BlockIo(ref SpecReader json) => json.Object(
        new LinuxBlockIo(),
        static (ref SpecReader json, string name, LinuxBlockIo io) => name switch
        {
            "weight" => io with { Weight = json.UInt16() },
            "leafWeight" => io with { LeafWeight = json.UInt16() },
            "weightDevice" => io with { WeightDevice = json.List(WeightDevice) },
            "throttleReadBpsDevice" => io with { ThrottleReadBpsDevice = json.List(ThrottleDevice) },
            "throttleWriteBpsDevice" => io with { ThrottleWriteBpsDevice = json.List(ThrottleDevice) },
            "throttleReadIOPSDevice" => io with { ThrottleReadIopsDevice = json.List(ThrottleDevice) },
            "throttleWriteIOPSDevice" => io with { ThrottleWriteIopsDevice = json.List(ThrottleDevice) },
            _ => json.Skip(io),
        });

    private static LinuxWeightDevice WeightDevice(ref SpecReader json) => json.Object(
        new LinuxWeightDevice(0, 0),
        static (ref SpecReader json, string name, LinuxWeightDevice device) => name switch
        {
            "major" => device with { Major = json.Int64() },
            "minor" => device with { Minor = json.Int64() },
            "weight" => device with { Weight = json.UInt16() },
            "leafWeight" => device with { LeafWeight = json.UInt16() },
            _ => json.Skip(device),
        },
        "major", "minor");

    private static LinuxThrottleDevice ThrottleDevice(ref SpecReader json) => json.Object(
        new LinuxThrottleDevice(0, 0, 0),
        static (ref SpecReader json, string name, LinuxThrottleDevice device) => name switch
        {
            "major" => device with { Major = json.Int64() },
            "minor" => device with { Minor = json.Int64() },
            "rate" => device with { Rate = json.UInt64() },
            _ => json.Skip(device),
        },
        "major", "minor", "rate");

    private static LinuxHugepageLimit HugepageLimit(ref SpecReader json) => json.Object(
        new LinuxHugepageLimit("", 0),
        static (ref SpecReader json, string name, LinuxHugepageLimit limit) => name switch
        {
            "pageSize" => limit with { PageSize = json.Text() },
            "limit" => limit with { Limit = json.UInt64() },
            _ => json.Skip(limit),
        },
        "pageSize", "limit");

    private static LinuxNetwork Network(ref SpecReader json) => json.Object(
        new LinuxNetwork(),
        static (ref SpecReader json, string name, LinuxNetwork network) => name switch
        {
            "classID" => network with { ClassId = json.UInt32() },
            "priorities" => network with { Priorities = json.List(InterfacePriority) },
            _ => json.Skip(network),
        });

    private static LinuxInterfacePriority InterfacePriority(ref SpecReader json) => json.Object(
        new LinuxInterfacePriority("", 0),
        static (ref SpecReader json, string name, LinuxInterfacePriority priority) => name switch
        {
            "name" => priority with { Name = json.Text() },
            "priority" => priority with { Priority = json.UInt32() },
            _ => json.Skip(priority),
        },
        "name", "priority");

    private static LinuxRdma Rdma(ref SpecReader json) => json.Object(
        new LinuxRdma(),
        static (ref SpecReader json, string name, LinuxRdma rdma) => name switch
        {
            "hcaHandles" => rdma with { HcaHandles = json.UInt32() },
            "hcaObjects" => rdma with { HcaObjects = json.UInt32() },
            _ => json.Skip(rdma),
        });
}

using PsContainers.Drivers;

namespace PsContainers.Plugins.Manifests;

/// <summary>What <c>plugin.json</c> says of a plugin. plugins/PLUGINS.md describes each member.</summary>
internal sealed record PluginManifest
{
    public required string Name { get; init; }

    /// <summary>Null of a plugin without a <c>plugin.json</c>.</summary>
    public required string? Version { get; init; }

    public string? Description { get; init; }

    /// <summary>The versions of the contract that it can speak: <c>1.0</c>, or <c>1.2-2.0</c>.</summary>
    public required string Contract { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public required PluginTransport Transport { get; init; }

    /// <summary>Of a process only.</summary>
    public PluginProtocol? Protocol { get; init; }

    public PluginEntry Entry { get; init; } = new();

    public DriverExample? Example { get; init; }

    public IReadOnlyList<DriverCapability> Capabilities { get; init; } = [];

    public PluginTimeouts Timeouts { get; init; } = new();

    /// <summary>
    /// Networks, or volumes, for which no driver is named get this one; the first of the kind in the order of the search, where several
    /// say so.
    /// </summary>
    public bool IsDefault { get; init; }

    /// <summary>Of a process only: variables that it gets besides PATH.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// What a network or a volume needs to say before the driver can define it: Test-ContainerPlugin tries the driver with that.
/// </summary>
internal sealed record DriverExample
{
    public IReadOnlyList<SubnetDefinition>? Subnets { get; init; }

    public string? Interface { get; init; }

    public int? Vlan { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

/// <summary>How a plugin is spoken to.</summary>
internal enum PluginTransport
{
    /// <summary>An assembly that is loaded into this process.</summary>
    DotNet,

    /// <summary>A program that is started, and spoken to by its standard input and output.</summary>
    Process,

    /// <summary>Programs of the Container Network Interface, which a configuration names.</summary>
    Cni,

    /// <summary>A volume plugin of Docker, which runs by itself and listens on a socket.</summary>
    DockerVolume,
}

/// <summary>What a process speaks.</summary>
internal enum PluginProtocol
{
    /// <summary>One JSON object in each line.</summary>
    JsonLines,

    /// <summary>StreamJsonRpc over a channel of a Nerdbank MultiplexingStream.</summary>
    StreamJsonRpc,
}

/// <summary>An interface that a driver may have or not.</summary>
internal enum DriverCapability
{
    /// <summary><see cref="Drivers.IPortPublisher"/></summary>
    Ports,

    /// <summary><see cref="Drivers.INetworkUpkeep"/></summary>
    Upkeep,

    /// <summary><see cref="Drivers.IVolumeMounter"/></summary>
    Mount,
}

/// <summary>Where a plugin begins: an assembly and a type, a program and its arguments, a configuration of CNI, or a socket.</summary>
internal sealed record PluginEntry
{
    /// <summary>Relative to the plugin's folder, and inside of it.</summary>
    public string? Assembly { get; init; }

    public string? Type { get; init; }

    /// <summary>Relative to the plugin's folder, and inside of it.</summary>
    public string? Executable { get; init; }

    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>
    /// A <c>.conflist</c> or <c>.conf</c>, relative to the plugin's folder and inside of it; without one each network names its own.
    /// </summary>
    public string? Configuration { get; init; }

    /// <summary>Where a plugin of Docker listens: an absolute path, or <c>tcp://</c> with a host and a port.</summary>
    public string? Socket { get; init; }
}

/// <summary>How many seconds each call may take.</summary>
internal sealed record PluginTimeouts
{
    /// <summary>From the start of a process to its answer to <c>hello</c>; or the loading of an assembly.</summary>
    public double Start { get; init; } = 10;

    public double Define { get; init; } = 5;

    public double Plan { get; init; } = 5;

    public double Attach { get; init; } = 30;

    public double Detach { get; init; } = 30;

    public double Publish { get; init; } = 15;

    public double Check { get; init; } = 30;

    public double Repair { get; init; } = 60;

    public double DefineVolume { get; init; } = 5;

    /// <summary>May have to make a file system, or to ask another machine for one.</summary>
    public double CreateVolume { get; init; } = 60;

    /// <summary>May have to delete very many files.</summary>
    public double RemoveVolume { get; init; } = 120;

    public double MountVolume { get; init; } = 30;

    public double UnmountVolume { get; init; } = 30;

    /// <summary>Each with the name it has in the file.</summary>
    public IEnumerable<(string Name, double Seconds)> All =>
    [
        ("start", Start), ("define", Define), ("plan", Plan), ("attach", Attach),
        ("detach", Detach), ("publish", Publish), ("check", Check), ("repair", Repair),
        ("defineVolume", DefineVolume), ("createVolume", CreateVolume), ("removeVolume", RemoveVolume), ("mountVolume", MountVolume),
        ("unmountVolume", UnmountVolume),
    ];
}

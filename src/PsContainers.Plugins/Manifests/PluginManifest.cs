using System.Text.Json.Serialization;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Manifests;

/// <summary>What <c>plugin.json</c> says of a plugin. plugins/PLUGINS.md describes each member.</summary>
/// <remarks>What may be left out has a setter: the generated reader would overwrite the initial value of one that has none.</remarks>
internal sealed record PluginManifest
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public string? Description { get; set; }

    /// <summary>The versions of the contract that it can speak: <c>1.0</c>, or <c>1.2-2.0</c>.</summary>
    public required string Contract { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public required PluginTransport Transport { get; init; }

    /// <summary>Of a process only.</summary>
    public PluginProtocol? Protocol { get; set; }

    public required PluginEntry Entry { get; init; }

    public NetworkExample? Example { get; init; }

    public IReadOnlyList<DriverCapability> Capabilities { get; set; } = [];

    public PluginTimeouts Timeouts { get; set; } = new();

    /// <summary>Networks for which no driver is named get this one; the first in the order of the search, where several say so.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Of a process only: variables that it gets besides PATH.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();
}

/// <summary>What a network needs to say before the driver can define it: Test-ContainerPlugin tries the driver with that.</summary>
internal sealed record NetworkExample
{
    public IReadOnlyList<SubnetDefinition>? Subnets { get; init; }

    public string? Interface { get; init; }

    public int? Vlan { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

/// <summary>How a plugin is spoken to.</summary>
[JsonConverter(typeof(CamelCaseNames<PluginTransport>))]
internal enum PluginTransport
{
    /// <summary>An assembly that is loaded into this process.</summary>
    [JsonStringEnumMemberName("dotnet")]
    DotNet,

    /// <summary>A program that is started, and spoken to by its standard input and output.</summary>
    Process,
}

/// <summary>What a process speaks.</summary>
[JsonConverter(typeof(CamelCaseNames<PluginProtocol>))]
internal enum PluginProtocol
{
    /// <summary>One JSON object in each line.</summary>
    [JsonStringEnumMemberName("json-lines")]
    JsonLines,

    /// <summary>StreamJsonRpc over a channel of a Nerdbank MultiplexingStream.</summary>
    [JsonStringEnumMemberName("streamjsonrpc")]
    StreamJsonRpc,
}

/// <summary>An interface that a driver may have or not.</summary>
[JsonConverter(typeof(CamelCaseNames<DriverCapability>))]
internal enum DriverCapability
{
    /// <summary><see cref="Drivers.IPortPublisher"/></summary>
    Ports,

    /// <summary><see cref="Drivers.INetworkUpkeep"/></summary>
    Upkeep,
}

/// <summary>Where a plugin begins: an assembly and a type, or a program and its arguments.</summary>
internal sealed record PluginEntry
{
    /// <summary>Relative to the plugin's folder, and inside of it.</summary>
    public string? Assembly { get; init; }

    public string? Type { get; init; }

    /// <summary>Relative to the plugin's folder, and inside of it.</summary>
    public string? Executable { get; init; }

    public IReadOnlyList<string>? Arguments { get; init; }
}

/// <summary>How many seconds each call may take.</summary>
internal sealed record PluginTimeouts
{
    /// <summary>From the start of a process to its answer to <c>hello</c>; or the loading of an assembly.</summary>
    public double Start { get; set; } = 10;

    public double Define { get; set; } = 5;

    public double Plan { get; set; } = 5;

    public double Attach { get; set; } = 30;

    public double Detach { get; set; } = 30;

    public double Publish { get; set; } = 15;

    public double Check { get; set; } = 30;

    public double Repair { get; set; } = 60;

    /// <summary>Each with the name it has in the file.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, double Seconds)> All =>
    [
        ("start", Start), ("define", Define), ("plan", Plan), ("attach", Attach),
        ("detach", Detach), ("publish", Publish), ("check", Check), ("repair", Repair),
    ];
}

using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests;

/// <summary>Networks and attachments as the engine would ask for them.</summary>
internal static class Sample
{
    internal static readonly string Id = new('a', 64);

    internal static NetworkDefinition Network(string? odd = null) => new()
    {
        Id = Id,
        Name = "blue",
        Driver = "odd",
        Subnets = [new() { Subnet = "10.90.0.0/24", Gateway = "10.90.0.1" }],
        Options = odd is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["odd"] = odd },
    };

    internal static VolumeDefinition Volume(string? odd = null) => new()
    {
        Id = Id,
        Name = "data",
        Driver = "odd",
        Options = odd is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["odd"] = odd },
    };

    internal static VolumeRecord Record(string? odd = null, VolumeResult? result = null) => new() { Volume = Volume(odd), Result = result };

    internal static VolumeUse Use(string? odd = null, VolumeResult? result = null) =>
        new() { Record = Record(odd, result), UserId = new string('b', 64) };

    internal static AttachmentRequest Request(string? odd = null) => new()
    {
        ContainerId = Id,
        ContainerName = "web",
        Network = Network(odd),
        NamespacePath = "/proc/self/ns/net",
        Interface = "eth0",
        Addresses = ["10.90.0.2/24"],
        Names = ["web"],
        Ports = [new() { HostPort = 8080, ContainerPort = 80 }],
    };
}

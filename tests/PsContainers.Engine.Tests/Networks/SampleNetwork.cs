using PsContainers.Drivers;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Networks;

/// <summary>Networks, and containers on them, as the engine could have made them.</summary>
internal static class SampleNetwork
{
    internal static NetworkRow Network(string id = "ab", string name = "back", params SubnetDefinition[] subnets) => new(
        new NetworkDefinition { Id = Sample.Id(id), Name = name, Driver = "sample", Subnets = subnets, HasNames = true },
        new Dictionary<string, string>(),
        Sample.Time);

    internal static SubnetDefinition Subnet(string subnet, string? gateway = null) => new() { Subnet = subnet, Gateway = gateway };

    /// <summary>A container that is to be on networks, with ports of the host.</summary>
    internal static ContainerRow Container(string id, string name, params string[] ports) => Sample.Container(id, name) with
    {
        Settings = Sample.Settings() with { Ports = [.. ports.SelectMany(PortMapping.Parse)], Dns = ["10.0.0.53"] },
    };

    internal static AttachmentRow Attachment(ContainerRow container, NetworkRow network, int position = 0) => new(
        container.Id, network.Id, position, new AttachmentRecord
        {
            Plan = new AttachmentPlan
            {
                Request = new AttachmentRequest
                {
                    ContainerId = container.Id,
                    ContainerName = container.Name,
                    Network = network.Definition,
                    Interface = $"eth{position}",
                },
            },
        });
}

using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>The object that scripts see, made of a network's row.</summary>
internal static class NetworkModel
{
    /// <param name="containers">The names of those that are attached.</param>
    public static ContainerNetwork Of(NetworkRow row, IReadOnlyList<string> containers)
    {
        var definition = row.Definition;

        // Arrays, because PowerShell cannot index what the compiler makes for an interface.
        return new ContainerNetwork
        {
            Id = row.Id,
            Name = row.Name,
            Driver = definition.Driver,
            Subnet = definition.Subnets.Select(subnet => new ContainerSubnet(subnet.Subnet, subnet.Gateway, subnet.Range)).ToArray(),
            Internal = definition.IsInternal,
            Names = definition.HasNames,
            Interface = definition.Interface,
            Mtu = definition.Mtu,
            Vlan = definition.Vlan,
            Option = definition.Options,
            Label = row.Labels,
            Created = row.Created.ToLocalTime(),
            Container = containers.ToArray(),
        };
    }
}

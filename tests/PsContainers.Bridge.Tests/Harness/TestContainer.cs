using System.Net;
using PsContainers.Bridge.Definition;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>A container as a driver sees one: a network namespace.</summary>
internal sealed class TestContainer(NetworkNamespace network, NetworkDefinition definition, int number, IReadOnlyList<PortMapping> ports)
{
    internal string Id { get; } = Wanted.Id($"container {definition.Name} {number}");

    internal NetworkNamespace Namespace { get; } = network;

    internal NetworkDefinition Network { get; } = definition;

    internal string Address => AddressIn(0);

    internal string AddressV6 => AddressIn(1);

    internal AttachmentRequest Request { get; set; } = new()
    {
        ContainerId = Wanted.Id($"container {definition.Name} {number}"),
        ContainerName = $"c{number}",
        Network = definition,
        NamespacePath = network.Path,
        Interface = "eth0",
        Addresses = [.. definition.Subnets.Select(subnet => With(subnet, number))],
        IsDefaultRoute = true,
        Ports = ports,
        Names = [$"c{number}"],
        NameServers = [HostOfItsOwn.OutsideAddress],
    };

    internal AttachmentRecord Record(HostOfItsOwn host) => new() { Plan = host.Driver.Plan(Request) };

    private string AddressIn(int subnet) => Request.Addresses[subnet].Split('/')[0];

    private static string With(SubnetDefinition subnet, int number)
    {
        var parsed = IPNetwork.Parse(subnet.Subnet);
        return $"{Subnets.Add(parsed.BaseAddress, number)}/{parsed.PrefixLength}";
    }
}

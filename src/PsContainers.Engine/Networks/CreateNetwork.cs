using System.Net;
using PsContainers.Drivers;
using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Networks;

/// <summary>Makes a network. Nothing of it is in the kernel before a container is attached.</summary>
public sealed class CreateNetwork
{
    private const int LongestName = 128;

    private static readonly string[] _reserved = ["none", "host", "default"];

    private readonly NetworkLookup _lookup;
    private readonly NetworkDrivers _drivers;

    internal CreateNetwork(NetworkLookup lookup, NetworkDrivers drivers) => (_lookup, _drivers) = (lookup, drivers);

    /// <exception cref="ContainerEngineException">
    /// NetworkNameInUse, NetworkNameInvalid, NetworkInvalid, NetworkDriverNotFound, NetworkDriverFailed
    /// </exception>
    public ContainerNetwork Execute(NetworkCreation creation)
    {
        CheckName(creation.Name);
        var wanted = new NetworkDefinition
        {
            Id = NetworkLookup.NewId(),
            Name = creation.Name,
            Driver = creation.Driver ?? _drivers.Default,
            Subnets = Subnets(creation),
            HasIPv6 = creation.IPv6,
            IsInternal = creation.Internal,
            HasNames = !creation.WithoutNames,
            Interface = creation.Interface,
            Mtu = creation.Mtu,
            Vlan = creation.Vlan,
            Options = creation.Options ?? new Dictionary<string, string>(),
        };
        var labels = creation.Labels ?? new Dictionary<string, string>();
        return NetworkModel.Of(_lookup.Add(wanted, labels, () => throw NetworkErrors.NameInUse(creation.Name)), []);
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > LongestName || !char.IsAsciiLetterOrDigit(name[0])
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw NetworkErrors.NameInvalid(
                name, $"is not made of letters, digits, '_', '.' and '-', beginning with a letter or digit, {LongestName} at most");
        }

        if (_reserved.Contains(name.ToLowerInvariant()))
        {
            throw NetworkErrors.NameInvalid(name, "has a meaning of its own for -Network");
        }
    }

    private static SubnetDefinition[] Subnets(NetworkCreation creation)
    {
        var subnets = creation.Subnet.Select(text => (Text: text, Network: NetworkOf(creation.Name, text))).ToList();
        RefuseOutside(creation.Gateway);
        RefuseOutside(creation.Range);
        return
        [
            .. subnets.Select(subnet => new SubnetDefinition
            {
                Subnet = subnet.Text,
                Gateway = One("gateways", subnet.Text, [.. creation.Gateway.Where(text => Holds(subnet.Network, text))]),
                Range = One("ranges", subnet.Text, [.. creation.Range.Where(text => Holds(subnet.Network, text))]),
            }),
        ];

        void RefuseOutside(IReadOnlyList<string> given)
        {
            if (given.FirstOrDefault(text => !subnets.Exists(subnet => Holds(subnet.Network, text))) is { } outside)
            {
                throw NetworkErrors.AddressOutside(creation.Name, outside, "it lies in none of the network's subnets");
            }
        }

        string? One(string what, string subnet, string[] found) => found.Length < 2
            ? found.FirstOrDefault()
            : throw NetworkErrors.AddressOutside(creation.Name, found[1], $"{subnet} has several {what}");
    }

    private static IPNetwork NetworkOf(string name, string text) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw NetworkErrors.AddressOutside(
            name, text, "it is not a subnet, such as 10.90.0.0/24, with no bit set behind its prefix");

    // The beginning tells; the driver looks at the rest.
    private static bool Holds(IPNetwork network, string text) =>
        IPAddress.TryParse(text.Split('/', '-')[0], out var address) && network.Contains(address);
}

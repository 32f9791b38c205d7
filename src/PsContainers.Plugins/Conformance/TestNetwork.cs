using System.Net;
using System.Security.Cryptography;
using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Conformance;

/// <summary>What a plugin is tried with.</summary>
internal static class TestNetwork
{
    /// <summary>A network with nothing decided but what the plugin's own example says.</summary>
    public static NetworkDefinition Wanted(PluginManifest manifest) => new()
    {
        Id = NewId(),
        Name = "psc-test",
        Driver = manifest.Name,
        Subnets = manifest.Example?.Subnets ?? [],
        Interface = manifest.Example?.Interface,
        Vlan = manifest.Example?.Vlan,
        Options = manifest.Example?.Options ?? new Dictionary<string, string>(),
    };

    /// <summary>A container that is to be attached, with an address of each subnet.</summary>
    public static AttachmentRequest Request(NetworkDefinition network, string namespacePath) => new()
    {
        ContainerId = NewId(),
        ContainerName = "psc-test",
        Network = network,
        NamespacePath = namespacePath,
        Interface = "eth0",
        Addresses = [.. network.Subnets.Select(FreeAddress)],
        Names = ["psc-test"],
    };

    /// <summary>The first address of the range that is not the gateway.</summary>
    private static string FreeAddress(SubnetDefinition subnet)
    {
        var network = AddressText.TryNetwork(subnet.Subnet)!.Value;
        var gateway = AddressText.TryAddress(subnet.Gateway);
        var first = subnet.Range is { } range
            ? AddressText.TryNetwork(range)?.BaseAddress ?? AddressText.TryAddress(range.Split('-')[0])!
            : network.BaseAddress;
        var address = first.Equals(network.BaseAddress) ? Next(first) : first;
        return $"{(address.Equals(gateway) ? Next(address) : address)}/{network.PrefixLength}";
    }

    private static IPAddress Next(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--)
        {
        }

        return new IPAddress(bytes);
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}

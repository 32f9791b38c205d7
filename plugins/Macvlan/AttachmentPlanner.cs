using System.Net;
using System.Text;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan;

/// <summary>Checks one attachment. Pure.</summary>
internal static class AttachmentPlanner
{
    private const int LongestName = 15; // IFNAMSIZ - 1

    internal static AttachmentPlan Plan(AttachmentRequest request)
    {
        var network = request.Network;
        if (request.ContainerId.Length != 64 || !request.ContainerId.All(char.IsAsciiHexDigitLower))
        {
            throw Refused("containerId", $"'{request.ContainerId}' is no id: that has 64 hexadecimal digits"); // it becomes a file's name
        }

        if (network.Interface is null)
        {
            throw Refused("network.interface", $"network {network.Name} has no parent: it was not defined by this driver");
        }

        _ = MacvlanOptions.Parse(network.Options);
        if (request.Interface is "" or "." or ".."
            || Encoding.UTF8.GetByteCount(request.Interface) > LongestName
            || request.Interface.Any(letter => letter is '/' or ':' || char.IsWhiteSpace(letter) || char.IsControl(letter)))
        {
            throw Refused(
                "interface", $"'{request.Interface}' is no name for a link: it has 1 to {LongestName} bytes, no '/', ':' or blank");
        }

        if (request.MacAddress is { } mac && !EthernetAddress.IsUnicast(mac))
        {
            throw Refused("macAddress", $"'{mac}' is no MAC address of a single link; one reads 02:42:0a:5a:00:02");
        }

        if (request.Ports.Count > 0)
        {
            throw new DriverException(
                $"network {network.Name} publishes no ports: its containers have addresses of their own on the wire, where all of their "
                    + "ports are reached",
                DriverErrorKind.Unsupported,
                "ports");
        }

        CheckAddresses(request);
        return new() { Request = request };
    }

    private static void CheckAddresses(AttachmentRequest request)
    {
        var subnets = request.Network.Subnets.Select(subnet => (Subnet: IPNetwork.Parse(subnet.Subnet), subnet.Gateway)).ToList();
        if (request.Addresses.Count != subnets.Count)
        {
            throw Refused(
                "addresses",
                $"network {request.Network.Name} has {subnets.Count} subnets, and the attachment {request.Addresses.Count} addresses");
        }

        foreach (var (i, text) in request.Addresses.Index())
        {
            if (!InterfaceAddress.TryParse(text, out var address)
                || subnets.Find(subnet => subnet.Subnet.Contains(address.Address)) is not { Subnet.PrefixLength: > 0 } found
                || found.Subnet.PrefixLength != address.Prefix)
            {
                throw Refused($"addresses[{i}]", $"address {text} lies in none of the network's subnets, or has another prefix");
            }

            if (found.Gateway is { } gateway && IPAddress.Parse(gateway).Equals(address.Address))
            {
                throw Refused($"addresses[{i}]", $"address {address.Address} is the gateway's");
            }
        }
    }

    private static DriverException Refused(string field, string message) => new(message, DriverErrorKind.InvalidRequest, field);
}

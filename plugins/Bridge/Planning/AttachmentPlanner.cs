using System.Net;
using System.Net.Sockets;
using PsContainers.Bridge.Definition;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Planning;

/// <summary>Checks one attachment. Pure.</summary>
internal static class AttachmentPlanner
{
    internal static AttachmentPlan Plan(AttachmentRequest request)
    {
        CheckId(request.ContainerId, "containerId");
        CheckId(request.Network.Id, "network.id");
        if (request.Network.Interface is not { } link || !LinkName.IsValid(link))
        {
            throw Refused("network.interface", $"network {request.Network.Name} has no link: it was not defined by this driver");
        }

        _ = BridgeOptions.Parse(request.Network.Options);
        if (!LinkName.IsValid(request.Interface))
        {
            throw Refused("interface", $"'{request.Interface}' is no name for a link: {LinkName.Rule}");
        }

        if (request.MacAddress is { } mac && !MacAddress.IsUnicast(mac))
        {
            throw Refused("macAddress", $"'{mac}' is no MAC address of a single link; one reads 02:42:0a:5a:00:02");
        }

        foreach (var (i, name) in request.Names.Index())
        {
            // It becomes a word in a file.
            if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '#'))
            {
                throw Refused($"names[{i}]", $"'{name}' is no name of a host");
            }
        }

        var addresses = CheckAddresses(request);
        CheckPorts(request.Network, request.Ports, addresses);
        return new() { Request = request, State = Attachment.HostLinkOf(request) };
    }

    /// <summary>Checks ports against the addresses that they lead to.</summary>
    internal static void CheckPorts(NetworkDefinition network, IReadOnlyList<PortMapping> ports, IReadOnlyList<IPAddress> addresses)
    {
        if (network.IsInternal && ports.Count > 0)
        {
            throw Refused("ports", $"network {network.Name} is internal: nothing from outside gets in, so no port of it is published");
        }

        foreach (var (i, port) in ports.Index())
        {
            CheckPort(port, addresses, $"ports[{i}]");
        }
    }

    private static void CheckPort(PortMapping port, IReadOnlyList<IPAddress> addresses, string field)
    {
        if (port.Protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw Refused($"{field}.protocol", $"port {port}: the protocol is tcp, udp or sctp");
        }

        if (port.HostPort is < 1 or > 65535)
        {
            throw Refused($"{field}.hostPort", $"port {port}: the host's port is 1 to 65535");
        }

        if (port.ContainerPort is < 1 or > 65535)
        {
            throw Refused($"{field}.containerPort", $"port {port}: the container's port is 1 to 65535");
        }

        if (port.HostAddress is { } text)
        {
            CheckHostAddress(port, text, addresses, $"{field}.hostAddress");
        }
    }

    private static void CheckHostAddress(PortMapping port, string text, IReadOnlyList<IPAddress> addresses, string field)
    {
        if (!Subnets.TryParseAddress(text, out var host))
        {
            throw Refused(field, $"port {port}: '{text}' is no address of the host");
        }

        if (host.Equals(IPAddress.IPv6Loopback))
        {
            throw new DriverException(
                $"port {port}: the kernel lets no packet for ::1 out of the loopback link (IPv6 has no route_localnet), so a port cannot "
                    + "be published there; 127.0.0.1, another address and [::] can",
                DriverErrorKind.Unsupported,
                field);
        }

        if (!addresses.Any(address => address.AddressFamily == host.AddressFamily))
        {
            var family = host.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            throw Refused(field, $"port {port}: the container has no {family} address on this network that it could lead to");
        }
    }

    private static List<IPAddress> CheckAddresses(AttachmentRequest request)
    {
        var network = request.Network;
        if (request.Addresses.Count != network.Subnets.Count)
        {
            throw Refused(
                "addresses",
                $"network {network.Name} has {network.Subnets.Count} subnets, and the attachment {request.Addresses.Count} addresses");
        }

        var addresses = new List<IPAddress>();
        foreach (var (i, definition) in network.Subnets.Index())
        {
            var subnet = IPNetwork.TryParse(definition.Subnet, out var parsed) && definition.Gateway is not null
                ? parsed
                : throw Refused($"network.subnets[{i}]", $"network {network.Name} has no whole subnet: it was not defined by this driver");
            var matching = request.Addresses.Index().Where(address =>
                Subnets.TryParse(address.Item, out var one, out _) && one.AddressFamily == subnet.BaseAddress.AddressFamily).ToList();
            if (matching.Count != 1)
            {
                throw Refused(
                    "addresses", $"there is not one address with a prefix for the subnet {subnet}: {string.Join(", ", request.Addresses)}");
            }

            addresses.Add(CheckAddress(matching[0].Item, subnet, definition.Gateway!, $"addresses[{matching[0].Index}]"));
        }

        return addresses;
    }

    private static IPAddress CheckAddress(string text, IPNetwork subnet, string gateway, string field)
    {
        if (!Subnets.TryParse(text, out var address, out var prefix) || prefix != subnet.PrefixLength || !subnet.Contains(address))
        {
            throw Refused(field, $"address {text} does not lie in the subnet {subnet}");
        }

        if (address.Equals(IPAddress.Parse(gateway)))
        {
            throw Refused(field, $"address {address} is the gateway's");
        }

        return subnet.IsReserved(address)
            ? throw Refused(field, $"address {address} is no host's address in the subnet {subnet}")
            : address;
    }

    private static void CheckId(string id, string field)
    {
        // An id becomes a file's name.
        if (id.Length != 64 || !id.All(char.IsAsciiHexDigitLower))
        {
            throw Refused(field, $"'{id}' is no id: that has 64 hexadecimal digits");
        }
    }

    private static DriverException Refused(string field, string message) => new(message, DriverErrorKind.InvalidRequest, field);
}

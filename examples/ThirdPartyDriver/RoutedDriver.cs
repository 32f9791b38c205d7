using System.Net;
using System.Security.Cryptography;
using System.Text;
using PsContainers.Drivers;

namespace ThirdPartyDriver;

/// <summary>Connects each container by a line (veth) of its own to the host, which has a route to the container's address.</summary>
public sealed class RoutedDriver(DriverEnvironment environment) : INetworkDriver
{
    private readonly IpCommand _ip = new(environment.RunDirectory);

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others)
    {
        if (wanted.Options.Keys.FirstOrDefault() is { } option)
        {
            throw new DriverException($"routed networks have no option {option}", DriverErrorKind.InvalidRequest, $"options.{option}");
        }

        if (wanted.HasIPv6 || wanted.Vlan is not null || wanted.Interface is not null)
        {
            var field = wanted.HasIPv6 ? "hasIPv6" : wanted.Vlan is null ? "interface" : "vlan";
            throw new DriverException($"routed networks have no {field}", DriverErrorKind.Unsupported, field);
        }

        return wanted with
        {
            Subnets = wanted.Subnets.Count == 0 ? [Free(others)] : [.. wanted.Subnets.Select(Checked)],
        };
    }

    public AttachmentPlan Plan(AttachmentRequest request)
    {
        for (var i = 0; i < request.Addresses.Count; i++)
        {
            if (!IPAddress.TryParse(request.Addresses[i].Split('/')[0], out _))
            {
                throw new DriverException(
                    $"{request.Addresses[i]} is not an address", DriverErrorKind.InvalidRequest, $"addresses[{i}]");
            }
        }

        return new AttachmentPlan { Request = request, State = HostLink(request) };
    }

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        var (request, host) = (plan.Request, plan.State!);
        try
        {
            _ip.Run($"link add {host} type veth peer name {request.Interface} netns {request.NamespacePath}", cancellation);
            _ip.Run(HostEnd(request, host), cancellation);
            _ip.RunInside(request.NamespacePath!, ContainerEnd(request), cancellation);
        }
        catch (Exception e) when (e is DriverException or OperationCanceledException)
        {
            Remove(host); // both ends
            throw;
        }

        return new AttachmentResult
        {
            Interface = request.Interface,
            HostInterface = host,
            Addresses = request.Addresses,
            Gateways = [.. Gateways(request)],
        };
    }

    // The plan names the link, so a result is not needed; with the container's end, the host's end is gone already.
    public void Detach(AttachmentRecord record, CancellationToken cancellation) => Remove(record.Plan.State!);

    private void Remove(string host) => _ip.Run($"link delete {host}", CancellationToken.None, "Cannot find device");

    private static string HostEnd(AttachmentRequest request, string host)
    {
        var lines = new List<string> { $"link set {host} up" };
        lines.AddRange(Gateways(request).Select(gateway => $"address add {gateway}/32 dev {host}"));
        lines.AddRange(request.Addresses.Select(address => $"route add {address.Split('/')[0]}/32 dev {host}"));
        return string.Join('\n', lines);
    }

    private static string ContainerEnd(AttachmentRequest request)
    {
        var link = request.Interface;
        var lines = request.Addresses.Select(address => $"address add {address} dev {link}").ToList();
        if (request.MacAddress is { } mac)
        {
            lines.Add($"link set {link} address {mac}");
        }

        lines.Add($"link set {link} up");
        if (request.IsDefaultRoute && !request.Network.IsInternal)
        {
            lines.AddRange(Gateways(request).Select(gateway => $"route add default via {gateway} dev {link} onlink"));
        }

        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Gateways(AttachmentRequest request) =>
        request.Network.Subnets.Select(subnet => subnet.Gateway).OfType<string>();

    private static SubnetDefinition Checked(SubnetDefinition subnet, int i) =>
        IPNetwork.TryParse(subnet.Subnet, out var network) && $"{network}" == subnet.Subnet && !subnet.Subnet.Contains(':')
            ? subnet.Gateway is null ? subnet with { Gateway = First(network) } : subnet
            : throw new DriverException(
                $"{subnet.Subnet} is not an IPv4 subnet", DriverErrorKind.InvalidRequest, $"subnets[{i}].subnet");

    private static SubnetDefinition Free(IReadOnlyList<NetworkDefinition> others)
    {
        var taken = others.SelectMany(network => network.Subnets).Select(subnet => IPNetwork.Parse(subnet.Subnet)).ToList();
        var free = Enumerable.Range(0, 256)
            .Select(third => new IPNetwork(new IPAddress([10, 91, (byte)third, 0]), 24))
            .Where(network => !taken.Exists(other => other.Contains(network.BaseAddress) || network.Contains(other.BaseAddress)))
            .Select(network => new SubnetDefinition { Subnet = $"{network}", Gateway = First(network) })
            .FirstOrDefault();
        return free ?? throw new DriverException("every subnet of 10.91.0.0/16 is taken", DriverErrorKind.Exhausted);
    }

    private static string First(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[3]++;
        return $"{new IPAddress(bytes)}";
    }

    // Always the same for a container on a network, and short enough for a link.
    private static string HostLink(AttachmentRequest request) =>
        "rt" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.ContainerId + request.Network.Id)).AsSpan(0, 6));
}

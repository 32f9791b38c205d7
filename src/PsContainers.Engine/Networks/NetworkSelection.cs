using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Networks;

/// <summary>Reads what a container is to have of networks: which ones, which ports, which names.</summary>
internal static class NetworkSelection
{
    private const string ContainerPrefix = "container:";
    private const string PathPrefix = "ns:";
    private const int LongestInterface = 15;
    private const int LongestHostname = 253; // RFC 1035, 2.3.4, without the root

    /// <exception cref="ContainerEngineException">InvalidNetwork, InvalidPort, InvalidDns</exception>
    public static ContainerSettings Apply(ContainerSettings settings, ContainerCreation creation, ContainerConfig image)
    {
        var connections = creation.Networks is { Count: > 0 } given
            ? given
            : [new NetworkConnection { Network = ContainerNetwork.Unasked }];
        var (mode, source) = ModeOf(connections);
        var ports = mode == NetworkMode.Networks ? Ports(creation, image) : NoPorts(creation, connections[0].Network);
        return settings with
        {
            Network = mode,
            NetworkSource = source,
            Networks = mode == NetworkMode.Networks ? [.. connections.Select(Checked)] : null,
            Ports = ports.Count > 0 ? ports : null,
            Dns = Addresses(creation.Dns),
            DnsSearch = Words(creation.DnsSearch),
            DnsOptions = Words(creation.DnsOption),
            AddHost = Hosts(creation.AddHost),
        };
    }

    /// <summary>The connections as they are shown and given again.</summary>
    public static IReadOnlyList<NetworkConnection> Show(ContainerSettings settings, Func<string, string> nameOf) => settings.Network switch
    {
        NetworkMode.Networks => settings.Networks ?? [],
        NetworkMode.Container => [new NetworkConnection { Network = $"Container:{nameOf(settings.NetworkSource!)}" }],
        NetworkMode.Path => [new NetworkConnection { Network = $"Ns:{settings.NetworkSource}" }],
        var mode => [new NetworkConnection { Network = mode.ToString() }],
    };

    private static (NetworkMode Mode, string? Source) ModeOf(IReadOnlyList<NetworkConnection> connections)
    {
        var (mode, source) = ModeOf(connections[0].Network);
        foreach (var connection in connections.Skip(1))
        {
            if (mode != NetworkMode.Networks || ModeOf(connection.Network).Mode != NetworkMode.Networks)
            {
                throw EngineErrors.InvalidNetwork(connection.Network, $"cannot be joined with '{connections[0].Network}'");
            }
        }

        if (mode != NetworkMode.Networks && connections[0] is not { IPAddress: [], MacAddress: null, Alias: [], Interface: null })
        {
            throw EngineErrors.InvalidNetwork(connections[0].Network, "has no address, alias or link of its own that could be asked for");
        }

        RefuseTwice(connections);
        return (mode, source);
    }

    /// <exception cref="ContainerEngineException">InvalidNetwork: a container is on a network at most once.</exception>
    public static void RefuseTwice(IReadOnlyList<NetworkConnection> connections)
    {
        if (connections.GroupBy(connection => connection.Network).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw EngineErrors.InvalidNetwork(twice.Key, "is given twice");
        }
    }

    private static (NetworkMode Mode, string? Source) ModeOf(string network) => network.ToLowerInvariant() switch
    {
        "none" => (NetworkMode.None, null),
        "host" => (NetworkMode.Host, null),
        var text when text.StartsWith(ContainerPrefix, StringComparison.Ordinal) && text.Length > ContainerPrefix.Length =>
            (NetworkMode.Container, network[ContainerPrefix.Length..]),
        var text when text.StartsWith(PathPrefix, StringComparison.Ordinal) =>
            network[PathPrefix.Length..] is ['/', ..] path
                ? (NetworkMode.Path, path)
                : throw EngineErrors.InvalidNetwork(network, "names a namespace by a path that begins with '/'"),
        "" => throw EngineErrors.InvalidNetwork(network, "is not the name of a network"),
        _ => (NetworkMode.Networks, null),
    };

    /// <summary>One connection, with what it asks for in the form that is kept.</summary>
    public static NetworkConnection Checked(NetworkConnection connection)
    {
        if (connection.IPAddress.FirstOrDefault(address => !IPAddress.TryParse(address, out _)) is { } wrong)
        {
            throw EngineErrors.InvalidNetwork(connection.Network, $"is asked for the address '{wrong}', which is none");
        }

        if (connection.Interface is { } name && !IsInterface(name))
        {
            throw EngineErrors.InvalidNetwork(connection.Network, $"is asked for the interface '{name}': 1 to 15 letters and digits");
        }

        if (connection.Alias.FirstOrDefault(alias => !IsHostname(alias)) is { } alias)
        {
            throw EngineErrors.InvalidNetwork(connection.Network, $"is asked for the alias '{alias}', which is not a host name");
        }

        return connection with
        {
            IPAddress = connection.IPAddress.Select(address => IPAddress.Parse(address).ToString()).ToArray(),
            MacAddress = connection.MacAddress is { } mac ? Mac(connection.Network, mac) : null,
            Gateway = [],
        };
    }

    private static string Mac(string network, string text)
    {
        var parsed = PhysicalAddress.TryParse(text.Replace(':', '-').ToUpperInvariant(), out var address) ? address.GetAddressBytes() : [];
        return parsed.Length == 6 && (parsed[0] & 1) == 0
            ? string.Join(':', parsed.Select(part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))
            : throw EngineErrors.InvalidNetwork(network, $"is asked for the MAC address '{text}', which is not one of a single link");
    }

    private static bool IsInterface(string name) =>
        name.Length is > 0 and <= LongestInterface && name[0] != '.' && name.All(IsNamePart);

    private static bool IsHostname(string name) =>
        name.Length is > 0 and <= LongestHostname && name[0] is not ('.' or '-') && name.All(IsNamePart);

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static List<PortMapping> NoPorts(ContainerCreation creation, string network) =>
        creation.Ports is { Count: > 0 } ports
            ? throw EngineErrors.InvalidPort(ports[0].ToString(), $"the network '{network}' has no addresses of its own to lead it to")
            : [];

    private static List<PortMapping> Ports(ContainerCreation creation, ContainerConfig image)
    {
        List<PortMapping> ports = [.. PublishedPorts.Check(creation.Ports ?? [])];
        if (creation.PublishAll)
        {
            var exposed = (image.ExposedPorts ?? []).SelectMany(PortMapping.Parse);
            ports.AddRange(exposed.Where(port => !ports.Exists(
                given => given.ContainerPort == port.ContainerPort && given.Protocol == port.Protocol)));
        }

        return ports;
    }

    private static IReadOnlyList<string>? Addresses(IReadOnlyList<string>? given) =>
        given?.FirstOrDefault(address => !IPAddress.TryParse(address, out _)) is { } wrong
            ? throw EngineErrors.InvalidDns(wrong, "is not an IP address")
            : given;

    private static IReadOnlyList<string>? Words(IReadOnlyList<string>? given) =>
        given?.FirstOrDefault(word => word.Length == 0 || word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) is { } wrong
            ? throw EngineErrors.InvalidDns(wrong, "is not one word")
            : given;

    private static IReadOnlyDictionary<string, string>? Hosts(IReadOnlyDictionary<string, string>? given)
    {
        foreach (var (name, address) in given ?? new Dictionary<string, string>())
        {
            if (!IsHostname(name))
            {
                throw EngineErrors.InvalidDns(name, "is not a host name");
            }

            if (address != NetworkFiles.HostGateway && !IPAddress.TryParse(address, out _))
            {
                throw EngineErrors.InvalidDns(
                    name, $"is to mean '{address}', which is neither an IP address nor {NetworkFiles.HostGateway}");
            }
        }

        return given;
    }

    /// <summary>Whether both are of one family.</summary>
    public static bool IsV6(string address) => IPAddress.Parse(address).AddressFamily == AddressFamily.InterNetworkV6;
}

using System.Net;
using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Gives a container addresses and ports of the host, all of them or none, and to nobody else.</summary>
internal sealed class AttachmentReservation(NetworkLookup networks, AttachmentTable table, ContainerTable containers)
{
    private const int FirstAttempts = 64;

    /// <summary>The networks in the order of the connections.</summary>
    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkAmbiguous</exception>
    public IReadOnlyList<NetworkRow> Resolve(IReadOnlyList<NetworkConnection> connections) =>
        [.. connections.Select(connection => networks.Resolve(connection.Network))];

    /// <summary>The same networks as they are now.</summary>
    /// <exception cref="ContainerEngineException">NetworkNotFound: one was removed meanwhile.</exception>
    public IReadOnlyList<NetworkRow> Again(IReadOnlyList<NetworkRow> rows) => [.. rows.Select(row => networks.Again(row))];

    /// <summary>What the drivers are to be asked for; kept in the store before anybody is asked.</summary>
    /// <param name="rows">The networks of the connections, as <see cref="Resolve"/> found them.</param>
    /// <param name="namespacePath">The container's network namespace.</param>
    /// <param name="firstPosition">0, or how many networks it is on already.</param>
    /// <param name="settle">
    /// Brings the container up to date that has what is wanted: it may have ended without anybody noticing. False when it needs it still.
    /// </param>
    /// <exception cref="ContainerEngineException">AddressInUse, AddressesExhausted, PortInUse, NetworkNotFound, NetworkInvalid</exception>
    public IReadOnlyList<AttachmentRow> Make(
        ContainerRow container,
        IReadOnlyList<NetworkConnection> connections,
        IReadOnlyList<NetworkRow> rows,
        string namespacePath,
        int firstPosition,
        Func<string, bool> settle)
    {
        var before = table.Of(container.Id);
        var named = WithInterfaces(connections, new InterfaceNames(before.Select(row => row.Request.Interface)));
        var main = MainOf(rows, before);
        for (var settled = new HashSet<string>(); ;)
        {
            string? holder = null;
            try
            {
                return table.Write(() => rows
                    .Select((network, i) =>
                        Reserve(container, named[i], network, namespacePath, firstPosition + i, isMain: i == main, ref holder))
                    .ToList());
            }
            catch (ContainerEngineException) when (holder is not null && settled.Add(holder))
            {
                // Not in the condition above, which is looked at before the transaction is rolled back, and all that is settled with it.
                if (!settle(holder))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Gives a container other ports of the host than it has; the caller puts both into one transaction.</summary>
    public IReadOnlyList<PortMapping> ReservePorts(string container, IReadOnlyList<PortMapping> ports, ref string? holder)
    {
        var result = new List<PortMapping>(ports.Count);
        foreach (var port in ports)
        {
            var reserved = port.HostPort > 0 ? Fixed(container, port, ref holder) : AnyFree(port);
            table.AddPort(container, reserved);
            result.Add(reserved);
        }

        return result;
    }

    private AttachmentRow Reserve(
        ContainerRow container,
        NetworkConnection connection,
        NetworkRow network,
        string namespacePath,
        int position,
        bool isMain,
        ref string? holder)
    {
        RefuseOutside(connection, network);
        var addresses = new List<string>();
        foreach (var subnet in network.Definition.Subnets)
        {
            var address = Choose(container, connection, network, subnet, ref holder);
            table.AddAddress(network.Id, address, container.Id);
            addresses.Add($"{address}/{new AddressChoice(subnet).PrefixLength}");
        }

        var row = new AttachmentRow(container.Id, network.Id, position, new AttachmentRecord
        {
            Plan = new AttachmentPlan
            {
                Request = new AttachmentRequest
                {
                    ContainerId = container.Id,
                    ContainerName = container.Name,
                    Network = network.Definition,
                    NamespacePath = namespacePath,
                    Interface = connection.Interface!,
                    Addresses = addresses,
                    MacAddress = connection.MacAddress,
                    Names = Names(container, connection),
                    IsDefaultRoute = isMain,
                    Ports = isMain ? ReservePorts(container.Id, container.Settings.Ports ?? [], ref holder) : [],
                    NameServers = container.Settings.Dns ?? HostResolver.OfHost().NameServers,
                },
            },
        });
        table.Add(row);
        return row;
    }

    // The first network that leads anywhere has the way to everywhere else, and the ports; of internal ones alone the first.
    private static int MainOf(IReadOnlyList<NetworkRow> rows, List<AttachmentRow> before)
    {
        if (before.Exists(row => row.Request is { IsDefaultRoute: true, Network.IsInternal: false }))
        {
            return -1;
        }

        var open = rows.ToList().FindIndex(network => !network.Definition.IsInternal);
        return open >= 0 || before.Count > 0 ? open : 0;
    }

    // Those that were asked for come first, wherever they stand: eth0 may be wanted for the second network.
    private static List<NetworkConnection> WithInterfaces(IReadOnlyList<NetworkConnection> connections, InterfaceNames names)
    {
        if (connections.FirstOrDefault(connection => connection.Interface is { } asked && !names.TryTake(asked)) is { } twice)
        {
            throw EngineErrors.InvalidNetwork(
                twice.Network, $"is asked for the interface '{twice.Interface}', which another network of the container has");
        }

        return [.. connections.Select(connection => connection with { Interface = connection.Interface ?? names.Next() })];
    }

    private IPAddress Choose(
        ContainerRow container, NetworkConnection connection, NetworkRow network, SubnetDefinition subnet, ref string? holder)
    {
        var choice = new AddressChoice(subnet);
        var asked = connection.IPAddress.Select(IPAddress.Parse).FirstOrDefault(choice.Contains);
        if (asked is null)
        {
            return choice.Choose(table.Leased(network.Id)) ?? throw Exhausted(container, network, subnet, ref holder);
        }

        if (choice.Fault(asked) is { } fault)
        {
            throw NetworkErrors.AddressOutside(network.Name, asked.ToString(), fault);
        }

        if (table.HolderOf(network.Id, asked) is { } other)
        {
            holder = other;
            throw NetworkErrors.AddressInUse(network.Name, asked.ToString(), NameOf(other));
        }

        return asked;
    }

    // Any of them may have ended meanwhile: the first that was not asked yet.
    private ContainerEngineException Exhausted(ContainerRow container, NetworkRow network, SubnetDefinition subnet, ref string? holder)
    {
        holder = table.On(network.Id).Select(row => row.Container).FirstOrDefault(
            id => id != container.Id && containers.Find(id) is not { Status: ContainerStatus.Running })
            ?? table.On(network.Id).Select(row => row.Container).FirstOrDefault(id => id != container.Id);
        return NetworkErrors.AddressesExhausted(network.Name, subnet.Range ?? subnet.Subnet);
    }

    private static void RefuseOutside(NetworkConnection connection, NetworkRow network)
    {
        var subnets = network.Definition.Subnets.Select(subnet => new AddressChoice(subnet)).ToList();
        if (connection.IPAddress.FirstOrDefault(text => !subnets.Exists(subnet => subnet.Contains(IPAddress.Parse(text)))) is { } outside)
        {
            throw NetworkErrors.AddressOutside(
                network.Name,
                outside,
                $"it lies in none of {string.Join(", ", network.Definition.Subnets.Select(subnet => subnet.Subnet))}");
        }
    }

    private PortMapping Fixed(string container, PortMapping port, ref string? holder)
    {
        var taken = table.PublishedAt(port.Protocol, port.HostPort)
            .Find(other => PublishedPorts.Overlap(other.Address, port.HostAddress ?? ""));
        if (taken.Container is { } other)
        {
            holder = other == container ? null : other;
            throw NetworkErrors.PortInUse(port, $"the container '{NameOf(other)}'");
        }

        return PublishedPorts.Probe(port, networks.Resolvers) is not null
            ? port
            : throw NetworkErrors.PortInUse(port, "a program of the host");
    }

    private PortMapping AnyFree(PortMapping port)
    {
        for (var attempt = 0; attempt < FirstAttempts; attempt++)
        {
            if (PublishedPorts.Probe(port, networks.Resolvers) is { } free
                && !table.PublishedAt(port.Protocol, free).Exists(other => PublishedPorts.Overlap(other.Address, port.HostAddress ?? "")))
            {
                return port with { HostPort = free };
            }
        }

        throw NetworkErrors.PortInUse(port, $"others, as were {FirstAttempts} that were tried");
    }

    private static List<string> Names(ContainerRow container, NetworkConnection connection)
    {
        IEnumerable<string?> names = [container.Name, container.Id[..12], container.Settings.Hostname, .. connection.Alias];
        return [.. names.OfType<string>().Select(name => name.ToLowerInvariant()).Distinct()];
    }

    private string NameOf(string container) => containers.Find(container)?.Name ?? container[..12];
}

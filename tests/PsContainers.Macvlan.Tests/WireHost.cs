using System.Net;
using System.Net.Sockets;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan.Tests;

/// <summary>A host for one test, with a wire to a machine outside; in the end it must look as it did in the beginning.</summary>
internal sealed class WireHost : IDisposable
{
    internal const string Outside = "192.0.2.2";
    internal const string OutsideV6 = "2001:db8::2";

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-macvlan-").FullName;
    private readonly string _before;

    internal WireHost()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: it makes network namespaces");
        Driver = new(new()
        {
            PluginDirectory = AppContext.BaseDirectory,
            StateDirectory = Path.Combine(_folder, "state"),
            RunDirectory = Path.Combine(_folder, "run"),
        });
        Itself = Add();
        Peer = Add();
        using (var here = RouteSocket.Open(Itself))
        {
            here.AddVeth(new() { Name = "wan", IsUp = true, PeerName = "wan", PeerNamespace = Peer });
            here.AddAddress(here.FindLink("wan")!.Index, InterfaceAddress.Parse("192.0.2.1/24"));
        }

        using (var there = RouteSocket.Open(Peer))
        {
            var wan = there.FindLink("wan")!.Index;
            there.Change(wan, new() { IsUp = true });
            there.AddAddress(wan, InterfaceAddress.Parse($"{Outside}/24"));
            there.AddAddress(wan, InterfaceAddress.Parse($"{OutsideV6}/64"), AddressFlags.NoDuplicateDetection);
        }

        _before = Picture();
    }

    internal MacvlanDriver Driver { get; }

    internal NetworkNamespace Itself { get; }

    /// <summary>The machine at the other end of the wire.</summary>
    internal NetworkNamespace Peer { get; }

    internal NetworkNamespace Add()
    {
        var made = NetworkNamespace.Create();
        _namespaces.Add(made);
        return made;
    }

    internal static NetworkDefinition Wanted(string mode = "bridge", char digit = 'a') => new()
    {
        Id = new string(digit, 64),
        Name = "wire",
        Driver = "macvlan",
        Interface = "wan",
        Subnets = [new() { Subnet = "192.0.2.0/24", Gateway = Outside }, new() { Subnet = "2001:db8::/64" }],
        Options = new Dictionary<string, string> { ["mode"] = mode },
    };

    internal NetworkDefinition Define(NetworkDefinition wanted, params NetworkDefinition[] others) =>
        Itself.Run(() => Driver.Define(wanted, others));

    /// <summary>What attaches a container that is new; it gets the addresses with this number.</summary>
    internal AttachmentRequest Request(NetworkDefinition network, int number) => new()
    {
        ContainerId = new string((char)('0' + (number % 10)), 64),
        ContainerName = $"c{number}",
        Network = network,
        NamespacePath = Add().Path,
        Interface = "eth0",
        Addresses = [.. new[] { $"192.0.2.{number}/24", $"2001:db8::{number}/64" }.Take(network.Subnets.Count)],
        IsDefaultRoute = true,
    };

    internal AttachmentRecord Attach(AttachmentRequest request) => Itself.Run(() =>
    {
        var plan = Driver.Plan(request);
        return new AttachmentRecord { Plan = plan, Result = Driver.Attach(plan, default) };
    });

    internal AttachmentRecord Attach(NetworkDefinition network, int number) => Attach(Request(network, number));

    internal void Detach(AttachmentRecord record) => Itself.Run(() => Driver.Detach(record, default));

    internal IReadOnlyList<string> Check(params AttachmentRecord[] records) =>
        Itself.Run(() => Driver.Check(records[0].Plan.Request.Network, records, default));

    internal IReadOnlyList<string> Repair(params AttachmentRecord[] records) =>
        Itself.Run(() => Driver.Repair(records[0].Plan.Request.Network, records, default));

    internal static NetworkNamespace Of(AttachmentRecord record) => NetworkNamespace.Open(record.Plan.Request.NamespacePath!);

    /// <summary>Whether a packet from a container arrives at an address.</summary>
    internal static bool Reaches(AttachmentRecord from, NetworkNamespace to, string address)
    {
        using var container = Of(from);
        return Reaches(container, to, address);
    }

    internal static bool Reaches(NetworkNamespace from, NetworkNamespace to, string address)
    {
        var target = new IPEndPoint(IPAddress.Parse(address), 7000);
        using var server = to.OpenSocket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(target);
        using var client = from.OpenSocket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            client.SendTo("?"u8, target);
        }
        catch (SocketException)
        {
            return false;
        }

        return server.Poll(TimeSpan.FromMilliseconds(700), SelectMode.SelectRead);
    }

    /// <summary>The names of a container's links besides the loopback.</summary>
    internal static IReadOnlyList<Link> LinksOf(AttachmentRecord record)
    {
        using var container = Of(record);
        using var route = RouteSocket.Open(container);
        return [.. route.Links().Where(link => link.Name != "lo")];
    }

    public void Dispose()
    {
        var after = Picture();
        var files = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "lock")
            .ToList();
        _namespaces.ForEach(made => made.Dispose());
        Directory.Delete(_folder, recursive: true);
        Assert.Equal(_before, after);
        Assert.Equal([], files);
    }

    private string Picture()
    {
        using var route = RouteSocket.Open(Itself);
        return string.Join('\n', route.Links().Select(link => $"{link.Name} {link.Kind} {link.Mtu}").Order());
    }
}

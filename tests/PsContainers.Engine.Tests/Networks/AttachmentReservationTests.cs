using System.Net;
using System.Net.Sockets;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Networks;

public sealed class AttachmentReservationTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly NetworkRow _back = SampleNetwork.Network(
        "ab", "back", SampleNetwork.Subnet("10.90.5.0/29", "10.90.5.1"), SampleNetwork.Subnet("fd00:5::/64", "fd00:5::1"));

    public AttachmentReservationTests() => Assert.True(_sandbox.Networks.TryAdd(_back, []));

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Container_gets_an_address_of_every_subnet_and_the_names_it_has()
    {
        var web = _sandbox.Add(SampleNetwork.Container("c0ffee", "Web", "28080:80"));

        var request = Assert.Single(Reserve(web, new NetworkConnection { Network = "back", Alias = ["API", "web"] })).Request;

        Assert.Equal(["10.90.5.2/29", "fd00:5::2/64"], request.Addresses);
        Assert.Equal(["web", "c0ffee000000", "api"], request.Names);
        Assert.Equal("eth0", request.Interface);
        Assert.True(request.IsDefaultRoute);
        Assert.Equal(["10.0.0.53"], request.NameServers);
        Assert.Equal("28080:80", $"{Assert.Single(request.Ports)}");
        Assert.Equivalent(request, Assert.Single(_sandbox.Attachments.Of(web.Id)).Request);
    }

    [Fact]
    public void Only_the_first_network_has_the_way_out_and_the_ports()
    {
        Assert.True(_sandbox.Networks.TryAdd(SampleNetwork.Network("cd", "front", SampleNetwork.Subnet("10.90.6.0/24")), [_back.Id]));
        var web = _sandbox.Add(SampleNetwork.Container("a", "web", "28080:80"));

        var rows = Reserve(web, On("front"), On("back"));

        Assert.Equal([true, false], rows.Select(row => row.Request.IsDefaultRoute));
        Assert.Equal([1, 0], rows.Select(row => row.Request.Ports.Count));
        Assert.Equal(["eth0", "eth1"], rows.Select(row => row.Request.Interface));
    }

    [Fact]
    public void Address_that_is_asked_for_is_given_and_then_taken()
    {
        var web = _sandbox.Add(SampleNetwork.Container("a", "web"));
        var db = _sandbox.Add(SampleNetwork.Container("b", "db"));
        var asked = new NetworkConnection { Network = "back", IPAddress = ["10.90.5.6"] };

        Assert.Equal(["10.90.5.6/29", "fd00:5::2/64"], Reserve(web, asked)[0].Request.Addresses);
        var failure = Assert.Throws<ContainerEngineException>(() => Reserve(db, asked));

        Assert.Equal("AddressInUse", failure.ErrorId);
        Assert.Equal("address 10.90.5.6 of network 'back' belongs to the container 'web'", failure.Message);
        Assert.Empty(_sandbox.Attachments.Of(db.Id));
    }

    [Theory]
    [InlineData("10.90.5.1", "it is the gateway's")]
    [InlineData("10.90.5.7", "stands for all of 10.90.5.0/29")]
    [InlineData("10.91.0.5", "it lies in none of 10.90.5.0/29, fd00:5::/64")]
    public void Address_that_nobody_can_have_is_refused(string address, string cause)
    {
        var web = _sandbox.Add(SampleNetwork.Container("a", "web"));

        var failure = Assert.Throws<ContainerEngineException>(
            () => Reserve(web, new NetworkConnection { Network = "back", IPAddress = [address] }));

        Assert.Equal("NetworkInvalid", failure.ErrorId);
        Assert.Contains(cause, failure.Message, StringComparison.Ordinal);
        AssertNothingIsTaken();
    }

    [Fact]
    public void Full_network_refuses_and_takes_nothing()
    {
        for (var number = 2; number <= 6; number++)
        {
            Reserve(_sandbox.Add(SampleNetwork.Container($"{number}", $"web{number}")), On("back"));
        }

        var late = _sandbox.Add(SampleNetwork.Container("f", "late", "28080:80"));
        var failure = Assert.Throws<ContainerEngineException>(() => Reserve(late, On("back")));

        Assert.Equal("AddressesExhausted", failure.ErrorId);
        Assert.Equal(5, _sandbox.Attachments.On(_back.Id).Count);
        Assert.Empty(_sandbox.Attachments.PublishedAt("tcp", 28080));
    }

    [Fact]
    public void Who_has_what_is_wanted_is_asked_whether_it_has_ended()
    {
        var ended = _sandbox.Add(SampleNetwork.Container("a", "ended"));
        var asked = new NetworkConnection { Network = "back", IPAddress = ["10.90.5.6"] };
        Reserve(ended, asked);
        List<string> settled = [];

        var rows = Reserve(_sandbox.Database, _sandbox.Add(SampleNetwork.Container("b", "next")), [asked], holder =>
        {
            settled.Add(holder);
            _sandbox.Attachments.Remove(_sandbox.Attachments.Find(holder, _back.Id)!);
            return true;
        });

        Assert.Equal([ended.Id], settled);
        Assert.Equal("10.90.5.6/29", rows[0].Request.Addresses[0]);
    }

    [Theory]
    [InlineData("28080:80", "28080:80", true)]
    [InlineData("28080:80", "127.0.0.1:28080:80", true)]
    [InlineData("127.0.0.1:28080:80", "0.0.0.0:28080:80", true)]
    [InlineData("127.0.0.1:28080:80", "127.0.0.2:28080:80", false)]
    [InlineData("28080:80", "28080:80/udp", false)]
    public void Port_of_another_container_is_in_use(string first, string second, bool isRefused)
    {
        Reserve(_sandbox.Add(SampleNetwork.Container("a", "web", first)), On("back"));
        var other = _sandbox.Add(SampleNetwork.Container("b", "other", second));

        var failure = Record.Exception(() => Reserve(other, On("back")));

        if (isRefused)
        {
            Assert.Equal("PortInUse", Assert.IsType<ContainerEngineException>(failure).ErrorId);
            Assert.EndsWith("in use by the container 'web'", failure.Message, StringComparison.Ordinal);
            Assert.Single(_sandbox.Attachments.On(_back.Id));
        }
        else
        {
            Assert.Null(failure);
        }
    }

    [Fact]
    public void Port_of_a_program_of_the_host_is_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var web = _sandbox.Add(SampleNetwork.Container("a", "web", $"{port}:80"));

        var failure = Assert.Throws<ContainerEngineException>(() => Reserve(web, On("back")));

        Assert.Equal($"port {port}/tcp of the host is in use by a program of the host", failure.Message);
        AssertNothingIsTaken();
    }

    [Fact]
    public void Port_that_is_left_open_is_chosen()
    {
        var web = _sandbox.Add(SampleNetwork.Container("a", "web", "80", "127.0.0.1::80", "53/udp"));

        var ports = Reserve(web, On("back"))[0].Request.Ports;

        Assert.All(ports, port => Assert.InRange(port.HostPort, 1, 65535));
        Assert.Equal(["80", "127.0.0.1::80", "53/udp"], ports.Select(port => $"{port with { HostPort = 0 }}"));
    }

    [Fact]
    public void Link_that_is_asked_for_is_nobody_elses()
    {
        Assert.True(_sandbox.Networks.TryAdd(SampleNetwork.Network("cd", "front", SampleNetwork.Subnet("10.90.6.0/24")), [_back.Id]));
        var web = _sandbox.Add(SampleNetwork.Container("a", "web"));
        var db = _sandbox.Add(SampleNetwork.Container("b", "db"));

        var names = Reserve(web, On("front"), On("back") with { Interface = "eth0" }).Select(row => row.Request.Interface);
        var failure = Assert.Throws<ContainerEngineException>(
            () => Reserve(db, On("front") with { Interface = "wan" }, On("back") with { Interface = "wan" }));

        Assert.Equal(["eth1", "eth0"], names);
        Assert.Equal("InvalidNetwork", failure.ErrorId);
        Assert.Empty(_sandbox.Attachments.Of(db.Id));
    }

    [Fact]
    public void Sessions_that_reserve_at_once_never_get_the_same()
    {
        const int count = 12;
        var network = SampleNetwork.Network("ef", "wide", SampleNetwork.Subnet("10.92.0.0/24", "10.92.0.1"));
        Assert.True(_sandbox.Networks.TryAdd(network, [_back.Id]));
        var containers = Enumerable.Range(0, count)
            .Select(number => _sandbox.Add(SampleNetwork.Container($"{number:x4}", $"web{number}", "80", "127.0.0.1::81"))).ToList();

        AtOnce.Run(count, number =>
        {
            using var database = _sandbox.OpenDatabase();
            Reserve(database, containers[number], [On("wide")], _ => false);
        });

        var requests = _sandbox.Attachments.On(network.Id).Select(row => row.Request).ToList();
        Assert.Equal(
            Enumerable.Range(2, count).Select(last => $"10.92.0.{last}/24").Order(StringComparer.Ordinal),
            requests.SelectMany(request => request.Addresses).Order(StringComparer.Ordinal));
        Assert.Equal(2 * count, requests.SelectMany(request => request.Ports).Count());
        AssertNoPortLeadsToTwo(requests.SelectMany(request => request.Ports));
    }

    [Fact]
    public void Of_sessions_that_want_one_port_at_once_one_gets_it()
    {
        var containers = Enumerable.Range(0, 6)
            .Select(number => _sandbox.Add(SampleNetwork.Container($"{number:x4}", $"web{number}", "28080:80"))).ToList();
        var failures = new string?[containers.Count];
        var wide = SampleNetwork.Network("ef", "wide", SampleNetwork.Subnet("10.92.0.0/24"));
        Assert.True(_sandbox.Networks.TryAdd(wide, [_back.Id]));

        AtOnce.Run(containers.Count, number =>
        {
            using var database = _sandbox.OpenDatabase();
            failures[number] = (Record.Exception(
                () => Reserve(database, containers[number], [On("wide")], _ => false)) as ContainerEngineException)?.ErrorId;
        });

        Assert.Equal(1, failures.Count(failure => failure is null));
        Assert.Equal(containers.Count - 1, failures.Count(failure => failure == "PortInUse"));
        Assert.Single(_sandbox.Attachments.PublishedAt("tcp", 28080));
        Assert.Single(_sandbox.Attachments.Leased(wide.Id));
    }

    private static NetworkConnection On(string network) => new() { Network = network };

    private static void AssertNoPortLeadsToTwo(IEnumerable<PortMapping> ports)
    {
        foreach (var same in ports.GroupBy(port => port.HostPort))
        {
            Assert.True(same.Count() == 1, $"port {same.Key} is published by {string.Join(", ", same)}");
        }
    }

    private void AssertNothingIsTaken()
    {
        Assert.Empty(_sandbox.Attachments.On(null));
        Assert.Empty(_sandbox.Attachments.Leased(_back.Id));
    }

    private IReadOnlyList<AttachmentRow> Reserve(ContainerRow container, params NetworkConnection[] connections) =>
        Reserve(_sandbox.Database, container, connections, _ => false);

    private IReadOnlyList<AttachmentRow> Reserve(
        Database database, ContainerRow container, NetworkConnection[] connections, Func<string, bool> settle)
    {
        var reservation = new AttachmentReservation(
            new NetworkLookup(new NetworkTable(database), _sandbox.Drivers), new AttachmentTable(database), new ContainerTable(database));
        return reservation.Make(container, connections, reservation.Resolve(connections), "/proc/1/ns/net", 0, settle);
    }
}

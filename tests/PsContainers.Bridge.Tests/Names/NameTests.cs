using System.Net;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Bridge.Tests.Names;

/// <summary>That containers of a network find each other by name, by way of the resolver that the driver starts.</summary>
public sealed class NameTests
{
    [Fact]
    public void Containers_find_each_other_by_name_for_as_long_as_they_are_there()
    {
        using var host = WithResolver();
        var network = host.Define(Wanted.Network("named") with { HasNames = true, HasIPv6 = true });
        var one = host.Attach(network, 2);
        var other = new TestContainer(host.Add(), network, 3, []);

        var result = host.Attach(other);

        Assert.Equal(result.Gateways, result.NameServers);
        Assert.Equal([other.Address], Ask(one, network, "c3"));
        Assert.Equal([one.AddressV6], Ask(other, network, "c2", DnsClient.AAAA));
        host.Detach(other);
        Assert.Empty(Ask(one, network, "c3"));
    }

    // It may publish the port for the whole host, and a client that goes on asking does not lose what it asks elsewhere.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Container_with_the_port_of_names_gets_all_of_it_but_what_containers_ask_their_gateway(bool isUdp)
    {
        using var host = WithResolver();
        var network = host.Define(Wanted.Network("named") with { HasNames = true, HasIPv6 = true });
        var server = host.Attach(network, 2, isUdp ? "53:53/udp" : "53:53");
        var other = host.Attach(network, 3);

        using var names = server.Namespace.Serve(53, isUdp);

        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.Address, 53, isUdp));
        Assert.Equal(HostOfItsOwn.OutsideAddressV6, host.Outside.Ask(HostOfItsOwn.AddressV6, 53, isUdp));
        Assert.Equal([server.Address], Ask(other, network, "c2"));
        Assert.Equal([server.AddressV6], Ask(other, network, "c2", DnsClient.AAAA));
        Assert.Empty(host.Engine.Check(network, server, other));
    }

    [Fact]
    public void Question_to_a_server_elsewhere_is_answered_also_when_its_port_is_published_meanwhile()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var asking = host.Attach(network, 2);
        using var client = new DatagramClient(asking.Namespace, HostOfItsOwn.OutsideAddress, 53);
        using var late = new LateServer(host.Outside, 53);

        client.Send();
        var question = late.Receive();
        host.Attach(network, 3, "53:53/udp");
        late.Answer(question);

        Assert.True(client.HasAnswer());
    }

    [Fact]
    public void Resolver_that_was_killed_is_found_missing_and_started_again()
    {
        using var host = WithResolver();
        var network = host.Define(Wanted.Network("named") with { HasNames = true });
        var container = host.Attach(network, 2);
        var directory = Path.Combine(host.RunDirectory, "names", network.Id);
        using (var resolver = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(directory, "pid")), null)))
        {
            resolver.Kill();
            Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{resolver.Id}"), 5000));
        }

        File.WriteAllText(Path.Combine(directory, "names"), "10.0.0.1 stranger\n");

        var mended = host.Itself.Run(() => host.Driver.Repair(network, [container.Record(host)], CancellationToken.None));

        Assert.Contains(mended, line => line.EndsWith("no resolver runs", StringComparison.Ordinal));
        Assert.Contains(mended, line => line.Contains("stranger", StringComparison.Ordinal));
        Assert.Contains(mended, line => line.EndsWith($"name {container.Address} c2 is missing", StringComparison.Ordinal));
        Assert.Equal([container.Address], Ask(container, network, "c2"));
        Assert.Empty(host.Itself.Run(() => host.Driver.Check(network, [container.Record(host)], CancellationToken.None)));
    }

    [Fact]
    public void Resolver_that_is_missing_fails_the_attachment_and_leaves_nothing()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("named") with { HasNames = true });
        var container = new TestContainer(host.Add(), network, 2, [Wanted.Port("8080:80")]);
        var driver = new BridgeDriver(host.Places with { PluginDirectory = "/nowhere" });

        var error = Assert.Throws<DriverException>(
            () => host.Itself.Run(() => driver.Attach(driver.Plan(container.Request), CancellationToken.None)));

        Assert.Equal(DriverErrorKind.Unavailable, error.Kind);
        Assert.Contains("psc-resolver", error.Message, StringComparison.Ordinal);
        Assert.Equal("", host.Nft());
    }

    private static HostOfItsOwn WithResolver()
    {
        var program = Path.Combine(HostOfItsOwn.PluginDirectory, "psc-resolver");
        Assert.SkipUnless(File.Exists(program), $"needs {program}: run ./psc --build-only");
        return new();
    }

    private static List<string> Ask(TestContainer container, NetworkDefinition network, string name, ushort type = DnsClient.A)
    {
        var server = new IPEndPoint(IPAddress.Parse(network.Subnets[0].Gateway!), 53);
        return container.Namespace.Run(() => new DnsClient(server).Ask(name, type).Answers);
    }
}

using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Networks;

public sealed class NetworkSelectionTests
{
    [Theory]
    [InlineData("None", NetworkMode.None, null)]
    [InlineData("none", NetworkMode.None, null)]
    [InlineData("HOST", NetworkMode.Host, null)]
    [InlineData("back", NetworkMode.Networks, null)]
    [InlineData("Container:Web", NetworkMode.Container, "Web")]
    [InlineData("ns:/run/netns/Blue", NetworkMode.Path, "/run/netns/Blue")]
    public void Word_says_where_the_network_comes_from(string network, object mode, string? source)
    {
        var settings = Apply(Asking(network));

        Assert.Equal(mode, settings.Network);
        Assert.Equal(source, settings.NetworkSource);
        Assert.Equal(settings.Network == NetworkMode.Networks, settings.Networks is not null);
    }

    [Theory]
    [InlineData("is not the name of a network", "")]
    [InlineData("names a namespace by a path that begins with '/'", "ns:blue")]
    [InlineData("names a namespace by a path that begins with '/'", "Ns:")]
    [InlineData("cannot be joined with 'None'", "None", "back")]
    [InlineData("cannot be joined with 'back'", "back", "Host")]
    [InlineData("cannot be joined with 'Container:web'", "Container:web", "back")]
    [InlineData("is given twice", "back", "front", "back")]
    public void Networks_that_make_no_sense_are_refused(string cause, params string[] networks)
    {
        var failure = Assert.Throws<ContainerEngineException>(() => Apply(Asking(networks)));

        Assert.Equal("InvalidNetwork", failure.ErrorId);
        Assert.Contains(cause, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.90.0.300", null, null, null)]
    [InlineData(null, "01:42:0a:5a:00:05", null, null)]
    [InlineData(null, "02:42", null, null)]
    [InlineData(null, null, "-db", null)]
    [InlineData(null, null, "d b", null)]
    [InlineData(null, null, null, "sixteen-letters-")]
    [InlineData(null, null, null, "a/b")]
    public void Wish_of_a_connection_that_is_none_is_refused(string? address, string? mac, string? alias, string? link)
    {
        var connection = new NetworkConnection
        {
            Network = "back",
            IPAddress = address is null ? [] : [address],
            MacAddress = mac,
            Alias = alias is null ? [] : [alias],
            Interface = link,
        };

        Assert.Equal("InvalidNetwork", Assert.Throws<ContainerEngineException>(() => NetworkSelection.Checked(connection)).ErrorId);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Host")]
    [InlineData("Container:web")]
    public void Address_of_no_network_cannot_be_asked_for(string network)
    {
        var creation = Asking() with { Networks = [new NetworkConnection { Network = network, IPAddress = ["10.90.5.5"] }] };

        Assert.Equal("InvalidNetwork", Assert.Throws<ContainerEngineException>(() => Apply(creation)).ErrorId);
    }

    [Theory]
    [InlineData("02-42-0A-5A-00-05")]
    [InlineData("02:42:0A:5a:00:05")]
    public void Addresses_are_kept_in_one_notation(string mac)
    {
        var connection = NetworkSelection.Checked(
            new NetworkConnection { Network = "back", IPAddress = ["FD00:0::5"], MacAddress = mac, Gateway = ["10.90.0.1"] });

        Assert.Equal(["fd00::5"], connection.IPAddress);
        Assert.Equal("02:42:0a:5a:00:05", connection.MacAddress);
        Assert.Empty(connection.Gateway);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Host")]
    [InlineData("Container:web")]
    public void Port_needs_a_network_that_leads_to_the_container(string network)
    {
        var creation = Asking(network) with { Ports = PortMapping.Parse("8080:80") };

        Assert.Equal("InvalidPort", Assert.Throws<ContainerEngineException>(() => Apply(creation)).ErrorId);
    }

    [Fact]
    public void All_exposed_ports_are_published_beside_those_that_were_asked_for()
    {
        var creation = Asking("back") with { Ports = PortMapping.Parse("8080:80"), PublishAll = true };

        var settings = Apply(creation, new ContainerConfig { ExposedPorts = ["80/tcp", "53/udp", "80/udp"] });

        Assert.Equal(["8080:80", "53/udp", "80/udp"], settings.Ports!.Select(port => port.ToString()));
    }

    [Fact]
    public void Name_servers_are_addresses_and_hosts_are_names()
    {
        Assert.Equal("InvalidDns", Refusal(Asking("back") with { Dns = ["dns.example"] }));
        Assert.Equal("InvalidDns", Refusal(Asking("back") with { DnsSearch = ["a b"] }));
        Assert.Equal("InvalidDns", Refusal(Asking("back") with { DnsOption = ["ndots:2\nnameserver 1.1.1.1"] }));
        Assert.Equal("InvalidDns", Refusal(Asking("back") with { AddHost = new Dictionary<string, string> { ["a b"] = "10.0.0.1" } }));
        Assert.Equal("InvalidDns", Refusal(Asking("back") with { AddHost = new Dictionary<string, string> { ["db"] = "here" } }));
        Assert.NotNull(Apply(Asking("back") with { AddHost = new Dictionary<string, string> { ["db"] = "host-gateway" } }).AddHost);
    }

    private static string Refusal(ContainerCreation creation) =>
        Assert.Throws<ContainerEngineException>(() => Apply(creation)).ErrorId;

    private static ContainerCreation Asking(params string[] networks) => new()
    {
        Image = "busybox",
        Networks = [.. networks.Select(network => new NetworkConnection { Network = network })],
    };

    private static ContainerSettings Apply(ContainerCreation creation, ContainerConfig? image = null) =>
        NetworkSelection.Apply(Sample.Settings(), creation, image ?? new ContainerConfig());
}

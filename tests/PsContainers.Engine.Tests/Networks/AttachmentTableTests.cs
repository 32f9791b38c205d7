using System.Net;
using PsContainers.Drivers;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Networks;

public sealed class AttachmentTableTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly NetworkRow _back = SampleNetwork.Network("ab", "back");
    private readonly NetworkRow _front = SampleNetwork.Network("cd", "front");

    public AttachmentTableTests()
    {
        Assert.True(_sandbox.Networks.TryAdd(_back, []));
        Assert.True(_sandbox.Networks.TryAdd(_front, [_back.Id]));
    }

    private AttachmentTable Attachments => _sandbox.Attachments;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Attachment_comes_back_with_what_its_driver_answered()
    {
        var web = _sandbox.Add(Sample.Container("a", "web"));
        var row = SampleNetwork.Attachment(web, _back);
        Attachments.Write(() =>
        {
            Attachments.Add(row);
            return true;
        });

        using var session = _sandbox.OpenDatabase();
        var result = new AttachmentResult { Interface = "eth0", Addresses = ["10.90.0.2/24"], State = "{}" };
        var plan = row.Record.Plan with { State = "s" };
        new AttachmentTable(session).Set(row with { Record = new AttachmentRecord { Plan = plan, Result = result } });

        var read = Attachments.Find(web.Id, _back.Id)!;
        Assert.Equivalent(result, read.Record.Result);
        Assert.Equal("s", read.Record.Plan.State);
        Assert.Null(Attachments.Find(web.Id, _front.Id));
    }

    [Fact]
    public void Addresses_come_in_the_order_of_their_bytes()
    {
        var web = _sandbox.Add(Sample.Container("a", "web"));
        string[] addresses = ["fd00::2", "10.90.0.200", "10.90.0.9", "10.90.1.1", "9.255.255.255"];

        Take(web, _back, addresses);

        Assert.Equal(
            ["9.255.255.255", "10.90.0.9", "10.90.0.200", "10.90.1.1", "fd00::2"],
            Attachments.Leased(_back.Id).Select(address => address.ToString()));
        Assert.Equal(web.Id, Attachments.HolderOf(_back.Id, IPAddress.Parse("10.90.0.9")));
        Assert.Null(Attachments.HolderOf(_front.Id, IPAddress.Parse("10.90.0.9")));
    }

    [Fact]
    public void Ports_go_with_the_last_network()
    {
        var web = _sandbox.Add(Sample.Container("a", "web"));
        Take(web, _back, ["10.90.0.2"]);
        Take(web, _front, ["10.90.1.2"], position: 1);
        Attachments.Write(() =>
        {
            Attachments.AddPort(web.Id, new PortMapping { HostPort = 8080, ContainerPort = 80 });
            return true;
        });

        var (back, front) = (Attachments.Find(web.Id, _back.Id)!, Attachments.Find(web.Id, _front.Id)!);
        Attachments.Remove(back);
        Assert.Single(Attachments.PublishedAt("tcp", 8080));
        Attachments.Remove(front);
        Attachments.Remove(front);

        Assert.Empty(Attachments.PublishedAt("tcp", 8080));
        Assert.Empty(Attachments.Leased(_back.Id));
        Assert.Empty(Attachments.Leased(_front.Id));
        Assert.Empty(Attachments.On(null));
    }

    [Fact]
    public void Ports_go_with_the_network_that_they_led_through()
    {
        var web = _sandbox.Add(Sample.Container("a", "web"));
        Take(web, _back, ["10.90.0.2"]);
        Take(web, _front, ["10.90.1.2"], position: 1);
        Attachments.Write(() =>
        {
            Attachments.AddPort(web.Id, new PortMapping { HostPort = 8080, ContainerPort = 80 });
            return true;
        });
        var back = Attachments.Find(web.Id, _back.Id)!;
        var request = back.Request with { IsDefaultRoute = true };

        Attachments.Remove(back with { Record = new() { Plan = new() { Request = request } } });

        Assert.Empty(Attachments.PublishedAt("tcp", 8080));
        Assert.Single(Attachments.Of(web.Id));
    }

    [Fact]
    public void Networks_of_a_container_come_in_the_order_of_attachment()
    {
        var web = _sandbox.Add(Sample.Container("a", "web"));
        Take(web, _front, [], position: 1);
        Take(web, _back, [], position: 0);

        Assert.Equal([_back.Id, _front.Id], Attachments.Of(web.Id).Select(row => row.Network));
        Assert.Equal(2, Attachments.On(null).Count);
        Assert.Single(Attachments.On(_front.Id));
    }

    [Fact]
    public void What_fails_half_way_takes_nothing()
    {
        var web = _sandbox.Add(Sample.Container("a", "web"));

        Assert.Throws<InvalidOperationException>(() => Attachments.Write<bool>(() =>
        {
            Attachments.Add(SampleNetwork.Attachment(web, _back));
            Attachments.AddAddress(_back.Id, IPAddress.Parse("10.90.0.2"), web.Id);
            throw new InvalidOperationException();
        }));

        Assert.Empty(Attachments.On(null));
    }

    private void Take(ContainerRow container, NetworkRow network, string[] addresses, int position = 0) => Attachments.Write(() =>
    {
        Attachments.Add(SampleNetwork.Attachment(container, network, position));
        Array.ForEach(addresses, address => Attachments.AddAddress(network.Id, IPAddress.Parse(address), container.Id));
        return true;
    });
}

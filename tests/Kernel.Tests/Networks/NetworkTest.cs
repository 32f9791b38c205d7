using System.Net;
using System.Net.Sockets;
using System.Text;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Kernel.Tests.Networks;

/// <summary>A test about networks: the host has a wire to a machine outside, which is a network namespace.</summary>
/// <remarks>In the end all networks are removed, and the host must look as before: links, nftables, files.</remarks>
[Trait("Needs", OnlyOnHost)]
public abstract class NetworkTest : KernelTest
{
    protected const string HostAddress = "192.0.2.1";
    protected const string OutsideAddress = "192.0.2.2";

    private const string Wire = "wan";
    private const int Patience = 3000;

    // A packet that is dropped is noticed by nothing but time.
    private const int ShortPatience = 700;

    private readonly string _rules;
    private NetworkNamespace? _outside;

    protected NetworkTest(TestHost host)
        : base(host)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nft"), "needs nft (Debian package nftables)");
        _rules = Rules();
    }

    /// <summary>The machine on the other end of the wire; made when it is first needed.</summary>
    protected NetworkNamespace Outside => _outside ??= MakeOutside();

    /// <summary>What nftables holds.</summary>
    protected static string Rules() => HostCommand.Run("/usr/sbin/nft", "list", "ruleset").Text();

    protected static Func<ContainerCreation, ContainerCreation> On(string network, params string[] ports) => creation => creation with
    {
        Networks = [new NetworkConnection { Network = network }],
        Ports = [.. ports.SelectMany(PortMapping.Parse)],
    };

    protected ContainerNetwork Make(string name, Func<NetworkCreation, NetworkCreation>? change = null)
    {
        var creation = new NetworkCreation { Name = name };
        return Services.CreateNetwork.Execute(change is null ? creation : change(creation));
    }

    /// <summary>Starts a web server that answers with a word.</summary>
    protected Container Serve(string word, Func<ContainerCreation, ContainerCreation> change)
    {
        var server = Start($"mkdir /www; echo {word} > /www/index.html; exec httpd -f -p 80 -h /www", change);
        WaitUntil(
            () => Inside(server, "timeout 1 wget -q -O- http://127.0.0.1/") == word, "the web server inside the container does not answer");
        return server;
    }

    /// <summary>What a script in a running container prints; both streams, and whatever its end.</summary>
    protected string Inside(Container container, string script)
    {
        var lines = new List<string>();
        using var command = Services.ExecuteCommand.Start(
            new ContainerCommand { Container = container.Id, Command = ["sh", "-c", script] }, hasInput: false);
        command.Finish(line => lines.Add(line.Text), CancellationToken.None);
        return string.Join('\n', lines);
    }

    /// <summary>The first line of a web page; null when nobody answers.</summary>
    /// <param name="from">A namespace; null for the host.</param>
    protected static string? Fetch(string address, int port, NetworkNamespace? from = null, bool isRefused = false)
    {
        var target = new IPEndPoint(IPAddress.Parse(address), port);
        using var socket = from is null
            ? new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : from.OpenSocket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var end = new CancellationTokenSource(isRefused ? ShortPatience : Patience);
        try
        {
            socket.ConnectAsync(target, end.Token).AsTask().GetAwaiter().GetResult();
            socket.Send("GET / HTTP/1.0\r\n\r\n"u8);
            socket.ReceiveTimeout = Patience;
            var text = new StringBuilder();
            var buffer = new byte[4096];
            for (int count; (count = socket.Receive(buffer)) > 0;)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }

            return text.ToString().TrimEnd().Split('\n')[^1];
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    protected override void RemoveOwn()
    {
        foreach (var network in Services.GetNetworks.Execute())
        {
            Services.RemoveNetwork.Execute(network.Name);
        }

        if (_outside is not null)
        {
            using var route = RouteSocket.Open();
            route.Remove(Wire);
            _outside.Dispose();
        }

        Assert.Equal(_rules, Rules());
    }

    private static NetworkNamespace MakeOutside()
    {
        var outside = NetworkNamespace.Create();
        using var host = RouteSocket.Open();
        using var there = RouteSocket.Open(outside);
        host.AddVeth(new VethRequest { Name = Wire, IsUp = true, PeerName = Wire, PeerNamespace = outside });
        host.AddAddress(host.FindLink(Wire)!.Index, InterfaceAddress.Parse(HostAddress + "/24"));
        var wire = there.FindLink(Wire)!.Index;
        there.Change(wire, new LinkChange { IsUp = true });
        there.AddAddress(wire, InterfaceAddress.Parse(OutsideAddress + "/24"));
        return outside;
    }
}

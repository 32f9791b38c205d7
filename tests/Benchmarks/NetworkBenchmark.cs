using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Benchmarks;

/// <summary>What a network adds to a start, and what the way through a published port costs. Everything in a host of its own.</summary>
internal static class NetworkBenchmark
{
    private const string Ours = "psc";
    private const string Podman = "podman";
    private const string Wire = "bare veth pair";
    private const string Published = "psc, published port";
    private const string Many = "psc, one of 1,000 published ports";
    private const string HostAddress = "192.0.2.1";
    private const int Port = 5201;
    private const int Connections = 2000;
    private const int Ports = 1000;
    private const string Iperf = "/usr/bin/iperf3";

    public static IEnumerable<Section> Run(Workspace workspace, int rounds)
    {
        using (var route = RouteSocket.Open())
        {
            route.Change(1, new LinkChange { IsUp = true });
        }

        workspace.Services.CreateNetwork.Execute(new NetworkCreation { Name = "bench", Subnet = ["10.95.0.0/24"], WithoutNames = true });
        yield return Attachment(workspace, rounds, hasNeighbor: true);
        yield return Attachment(workspace, rounds, hasNeighbor: false);
        foreach (var section in Traffic(workspace, Math.Max(5, rounds / 4)))
        {
            yield return section;
        }

        RemoveContainers(workspace);
        workspace.Services.RemoveNetwork.Execute("bench");
    }

    private static Section Attachment(Workspace workspace, int rounds, bool hasNeighbor)
    {
        using var podman = Benchmarks.Podman.TryCreate(workspace);
        podman?.MakeNetwork("bench", hasNeighbor);
        if (hasNeighbor)
        {
            Start(workspace, []);
        }

        using var session = new WarmSession();
        List<Contender> contenders = [new("psc, none", () => session.Do("invoke")), new("psc, bridge", () => session.Do("network"))];
        if (podman is not null)
        {
            contenders.Add(new("podman, none", () => podman.RunOn("none", "--rm", "busybox", "true")));
            contenders.Add(new("podman, bridge", () => podman.RunOn("bench", "--rm", "busybox", "true")));
        }

        var measured = Rounds.Measure(contenders, rounds, warmUps: 10);
        measured.Add(Added(Ours, measured[0], measured[1]));
        if (podman is not null)
        {
            measured.Add(Added(Podman, measured[2], measured[3]));
        }

        RemoveContainers(workspace);
        return new Section(
            $"Attach and detach: a network added to a run, {(hasNeighbor ? "another container is on it" : "nobody else is on it")}",
            "ms",
            measured,
            [
                new($"{Ours} ≤ 10 ms", $"{Ours}: added", null, 10),
                new($"{Ours} ≤ 0.2 × {Podman}", $"{Ours}: added", $"{Podman}: added", 0.2),
            ],
            "`true` in a container, ours from a warm session. Added is the difference of the medians.");
    }

    private static Measurement Added(string name, Measurement without, Measurement with) =>
        new($"{name}: added", with.Median - without.Median, with.Minimum - without.Minimum);

    private static IEnumerable<Section> Traffic(Workspace workspace, int rounds)
    {
        using var outside = NetworkNamespace.Create();
        using var bare = NetworkNamespace.Create();
        Connect(outside, "wan", HostAddress, "192.0.2.2");
        using (var there = RouteSocket.Open(bare))
        {
            there.AddVeth(new VethRequest { Name = "wire", IsUp = true, PeerName = "wire", PeerNamespace = outside });
            there.AddAddress(there.FindLink("wire")!.Index, InterfaceAddress.Parse("198.51.100.1/24"));
            using var end = RouteSocket.Open(outside);
            var wire = end.FindLink("wire")!.Index;
            end.Change(wire, new LinkChange { IsUp = true });
            end.AddAddress(wire, InterfaceAddress.Parse("198.51.100.2/24"));
        }

        var one = Start(workspace, [Port]);
        using var inside = NetworkNamespace.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{one.ProcessId}/ns/net"));
        yield return Throughput(rounds, outside, bare, inside);
        using var listeners = new Listeners(bare, inside);
        Contender[] contenders =
        [
            new(Wire, () => Dial(outside, "198.51.100.1")), new(Published, () => Dial(outside, HostAddress)),
        ];
        var measured = Rounds.Measure(contenders, rounds);
        var ports = Enumerable.Range(20000, Ports - 1).Append(Port);
        workspace.Services.UpdateContainer.Execute(one.Id, new ContainerUpdate
        {
            Ports = [.. ports.Select(port => new PortMapping { HostPort = port, ContainerPort = Port })],
        });
        measured.AddRange(Rounds.Measure([new(Many, () => Dial(outside, HostAddress))], rounds));
        yield return new Section(
            $"{Connections} connections through a published port", "ms", measured,
            [new("1,000 ports ≤ 1.05 × one port", Many, Published, 1.05)],
            "From another host, one after the other, opened and closed.");
    }

    private static Section Throughput(int rounds, NetworkNamespace outside, NetworkNamespace bare, NetworkNamespace inside)
    {
        if (!File.Exists(Iperf))
        {
            return new Section("Throughput through a published port", "Gbit/s", [], [], "Not measured: iperf3 is missing.");
        }

        using var first = Serve(bare);
        using var second = Serve(inside);
        var (wire, published) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            wire.Add(Speed(outside, "198.51.100.1"));
            published.Add(Speed(outside, HostAddress));
        }

        first.Kill();
        second.Kill();

        // More is better here: what is compared is the time for a gigabit.
        List<Measurement> measured =
        [
            Rounds.Measurement(Wire, [.. wire.Select(Inverse)]), Rounds.Measurement(Published, [.. published.Select(Inverse)]),
        ];
        return new Section(
            "Throughput through a published port",
            "ms per Gbit",
            measured,
            [new("throughput ≥ 0.97 × veth", Published, Wire, 1 / 0.97)],
            "iperf3 for two seconds, from another host; the wire leads from there to a namespace straight away.");

        static double Inverse(double gigabits) => 1000 / gigabits;
    }

    private static Process Serve(NetworkNamespace network) =>
        Process.Start(new ProcessStartInfo("/usr/bin/nsenter", [$"--net={network.Path}", Iperf, "--server", "--port", $"{Port}"])
        {
            RedirectStandardOutput = true,
        })!;

    private static double Speed(NetworkNamespace network, string address)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (code, said) = Native.Try(
                "/usr/bin/nsenter", $"--net={network.Path}", Iperf, "--client", address, "--port", $"{Port}", "--time", "2", "--json");
            using var answer = JsonDocument.Parse(code == 0 ? said : "{}");
            if (answer.RootElement.TryGetProperty("end", out var end) && end.TryGetProperty("sum_received", out var sum))
            {
                return sum.GetProperty("bits_per_second").GetDouble() / 1e9;
            }

            if (attempt == 20)
            {
                throw new InvalidOperationException($"iperf3 to {address}: {said}");
            }

            Thread.Sleep(100);
        }
    }

    private static void Dial(NetworkNamespace network, string address)
    {
        var target = new IPEndPoint(IPAddress.Parse(address), Port);
        network.Run(() =>
        {
            for (var i = 0; i < Connections; i++)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.LingerState = new LingerOption(true, 0);
                socket.Connect(target);
            }
        });
    }

    private static void Connect(NetworkNamespace outside, string name, string here, string there)
    {
        using var host = RouteSocket.Open();
        using var end = RouteSocket.Open(outside);
        host.AddVeth(new VethRequest { Name = name, IsUp = true, PeerName = name, PeerNamespace = outside });
        host.AddAddress(host.FindLink(name)!.Index, InterfaceAddress.Parse(here + "/24"));
        var peer = end.FindLink(name)!.Index;
        end.Change(peer, new LinkChange { IsUp = true });
        end.AddAddress(peer, InterfaceAddress.Parse(there + "/24"));
    }

    private static Container Start(Workspace workspace, int[] ports) => workspace.Services.StartNewContainer.Execute(new ContainerCreation
    {
        Image = "busybox",
        Command = ["sleep", "3600"],
        Networks = [new NetworkConnection { Network = "bench" }],
        Ports = [.. ports.Select(port => new PortMapping { HostPort = port, ContainerPort = port })],
    });

    private static void RemoveContainers(Workspace workspace)
    {
        foreach (var container in workspace.Services.GetContainers.Execute())
        {
            workspace.Services.RemoveContainer.Execute(container.Id, force: true);
        }
    }

    /// <summary>Takes connections at both ends, and says nothing.</summary>
    private sealed class Listeners : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public Listeners(params NetworkNamespace[] networks)
        {
            foreach (var network in networks)
            {
                var socket = network.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Any, Port));
                socket.Listen(1024);
                _sockets.Add(socket);
                new Thread(() => Accept(socket)) { IsBackground = true }.Start();
            }
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private static void Accept(Socket socket)
        {
            try
            {
                while (true)
                {
                    socket.Accept().Dispose();
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The round is over.
            }
        }
    }
}

using System.Net;
using System.Reflection;
using PsContainers.Bridge.Firewall;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>
/// A host for one test: a network namespace with a wire to a machine outside, and a driver whose calls are made in it. In the end it
/// must look as it did in the beginning.
/// </summary>
internal sealed class HostOfItsOwn : IDisposable
{
    internal const string Address = "192.0.2.1";
    internal const string SecondAddress = "192.0.2.10";
    internal const string OutsideAddress = "192.0.2.2";
    internal const string AddressV6 = "2001:db8::1";
    internal const string OutsideAddressV6 = "2001:db8::2";

    /// <summary>The one that ./psc built; PSC_TEST_RESOLVER names another program to answer for names.</summary>
    internal static readonly string PluginDirectory =
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("PSC_TEST_RESOLVER")) ?? Path.Join(
            typeof(HostOfItsOwn).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value,
            "module/bin/plugins/Bridge");

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-bridge-").FullName;
    private readonly List<TestEngine> _others = [];
    private readonly string _before;

    /// <param name="isBridgeFiltered">Whether bridged packets pass the firewall as routed ones do (br_netfilter).</param>
    internal HostOfItsOwn(bool isBridgeFiltered = true)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: it makes network namespaces");
        Engine = new(this, Path.Combine(_folder, "run"));
        Itself = Add();

        // A new namespace takes it over from the machine, which may be a router.
        Itself.SetParameters(("ipv4/ip_forward", "0"));
        Outside = Add();
        Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddVeth(new() { Name = "wan", IsUp = true, PeerName = "wan", PeerNamespace = Outside });
            var wan = route.FindLink("wan")!.Index;
            foreach (var address in new[] { Address + "/24", SecondAddress + "/24", AddressV6 + "/64" })
            {
                route.AddAddress(wan, InterfaceAddress.Parse(address), AddressFlags.NoDuplicateDetection);
            }
        });
        Outside.Run(() =>
        {
            using var route = RouteSocket.Open();
            var wan = route.FindLink("wan")!.Index;
            route.Change(wan, new() { IsUp = true });
            route.AddAddress(wan, InterfaceAddress.Parse(OutsideAddress + "/24"), AddressFlags.NoDuplicateDetection);
            route.AddAddress(wan, InterfaceAddress.Parse(OutsideAddressV6 + "/64"), AddressFlags.NoDuplicateDetection);

            // It knows the way to the containers, which a machine on the same wire may.
            route.AddRoute(new() { Destination = IPNetwork.Parse("10.0.0.0/8"), Gateway = IPAddress.Parse(Address) });
            route.AddRoute(new() { Destination = IPNetwork.Parse("fc00::/7"), Gateway = IPAddress.Parse(AddressV6) });
        });
        if (!isBridgeFiltered)
        {
            SwitchBridgeFilterOff();
        }

        _before = Picture();
    }

    /// <summary>The one that tests are about.</summary>
    internal TestEngine Engine { get; }

    internal DriverEnvironment Places => Engine.Places;

    internal BridgeDriver Driver => Engine.Driver;

    /// <summary>The driver's table in the firewall.</summary>
    internal string Table => Engine.Table;

    internal NetworkNamespace Itself { get; }

    internal NetworkNamespace Outside { get; }

    internal string RunDirectory => Places.RunDirectory;

    /// <summary>Another engine on this host.</summary>
    internal TestEngine AddEngine()
    {
        var engine = new TestEngine(this, Path.Combine(_folder, $"run{_others.Count + 2}"));
        _others.Add(engine);
        return engine;
    }

    internal NetworkNamespace Add()
    {
        var made = NetworkNamespace.Create();
        _namespaces.Add(made);
        return made;
    }

    internal NetworkDefinition Define(NetworkDefinition wanted, params NetworkDefinition[] others) => Engine.Define(wanted, others);

    internal NetworkDefinition Define(string name, params NetworkDefinition[] others) => Engine.Define(Wanted.Network(name), others);

    /// <inheritdoc cref="TestEngine.Attach(NetworkDefinition, int, string[])"/>
    internal TestContainer Attach(NetworkDefinition network, int number, params string[] ports) => Engine.Attach(network, number, ports);

    internal AttachmentResult Attach(TestContainer container) => Engine.Attach(container);

    internal void Detach(TestContainer container, bool withNamespace = true) => Engine.Detach(container, withNamespace);

    /// <summary>What nft says of the host; the whole ruleset when nothing is asked for.</summary>
    internal string? Nft(string question = "list ruleset") => Itself.Run(() => Nftables.TryAsk(question, 0));

    internal void NftDo(string text) => Assert.Null(Itself.Run(() => Nftables.TryRun(text)));

    internal string Setting(string name) => Itself.Run(() => File.ReadAllText($"/proc/sys/net/{name}").Trim());

    /// <summary>Everything that a driver could leave behind. The wire's fe80:: comes when the kernel likes.</summary>
    internal string Picture() => Itself.Run(() =>
    {
        using var route = RouteSocket.Open();
        var links = route.Links().Select(link => $"{link.Name} {link.Mtu} {link.Master}").Order();
        var addresses = route.Addresses().Select(address => $"{address.Address}").Order();
        var routes = route.Routes().Select(found => $"{found}").Order();
        string[] settings = ["ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv6/conf/wan/accept_ra", "ipv4/conf/wan/route_localnet"];
        var lines = links.Concat(addresses).Concat(routes)
            .Where(line => !line.StartsWith("fe80", StringComparison.Ordinal))
            .Concat(settings.Select(name => $"{name}={File.ReadAllText($"/proc/sys/net/{name}").Trim()}"));
        return string.Join('\n', lines) + Nftables.TryAsk("list ruleset", 0);
    });

    private void SwitchBridgeFilterOff() => Itself.Run(() =>
    {
        foreach (var name in new[] { "bridge-nf-call-iptables", "bridge-nf-call-ip6tables" })
        {
            if (File.Exists($"/proc/sys/net/bridge/{name}"))
            {
                File.WriteAllText($"/proc/sys/net/bridge/{name}", "0");
            }
        }
    });

    public void Dispose()
    {
        var left = new List<string>();
        try
        {
            TestEngine[] engines = [Engine, .. _others];
            foreach (var engine in engines)
            {
                engine.DetachAll();
            }

            var after = Picture();
            if (after != _before)
            {
                left.Add($"before:\n{_before}\nafter:\n{after}");
            }

            left.AddRange(engines.SelectMany(engine => engine.Files()));
        }
        finally
        {
            foreach (var network in _namespaces)
            {
                network.Dispose();
            }

            Directory.Delete(_folder, recursive: true);
        }

        Assert.True(left.Count == 0, $"left behind:\n{string.Join('\n', left)}");
    }
}

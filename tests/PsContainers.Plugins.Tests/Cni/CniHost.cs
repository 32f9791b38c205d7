using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Plugins.Tests.Cni;

/// <summary>A host for one test: a network namespace that the plugins are started in, and a driver that starts them.</summary>
/// <remarks>In the end the machine itself must have none of the links that the tests make.</remarks>
internal sealed class CniHost : IDisposable
{
    internal const string DebianPlugins = "/usr/lib/cni";
    internal const string BridgeName = "cni-blue";

    private readonly PluginSandbox _sandbox = new();
    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly PluginHost _plugins;

    internal CniHost(Action<JsonObject>? change = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: it makes network namespaces");
        var manifest = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cni/plugin.json")))!;
        change?.Invoke(manifest);
        Name = manifest["name"]!.GetValue<string>();
        Folder = PluginSandbox.Add(_sandbox.First, Name, manifest.ToJsonString());
        Programs = Directory.CreateDirectory(Path.Combine(_sandbox.Root, "programs")).FullName;
        _plugins = new PluginHost(_sandbox.Paths);
        Itself = Add();
        Container = Add();
    }

    internal string Name { get; }

    internal string Folder { get; }

    /// <summary>Where scripts are that play a plugin.</summary>
    internal string Programs { get; }

    /// <summary>What host-local keeps.</summary>
    internal string Leases => Path.Combine(_sandbox.Root, "leases");

    internal string Log => Path.Combine(_sandbox.Root, "log");

    internal string[] LogLines => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    internal NetworkNamespace Itself { get; }

    internal NetworkNamespace Container { get; }

    internal NetworkPlugin Driver => _plugins.NetworkDriver(Name);

    internal NetworkNamespace Add()
    {
        var made = NetworkNamespace.Create();
        _namespaces.Add(made);
        return made;
    }

    internal string Write(string configuration, string file = "10-blue.conflist")
    {
        var path = Path.Combine(_sandbox.Root, file);
        File.WriteAllText(path, configuration.Replace("$LEASES", Leases, StringComparison.Ordinal));
        return path;
    }

    /// <summary>A plugin in shell: it logs what it is asked, and answers what a test wants.</summary>
    /// <param name="script">Run when the command is none of VERSION; <c>$input</c> is what was read.</param>
    internal void Script(string type, string script, string versions = "\"0.4.0\",\"1.0.0\",\"1.1.0\"")
    {
        var path = Path.Combine(Programs, type);
        File.WriteAllText(path, $$"""
            #!/bin/sh
            input=$(cat)
            if [ "$CNI_COMMAND" = VERSION ]; then
                echo '{"cniVersion":"1.1.0","supportedVersions":[{{versions}}]}'
                exit
            fi
            echo "$CNI_COMMAND {{type}} $CNI_IFNAME $CNI_NETNS $input" >> {{Log}}
            {{script}}
            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    internal NetworkDefinition Define(string? configuration, string path = DebianPlugins, NetworkDefinition? wanted = null)
    {
        var options = new Dictionary<string, string> { ["Path"] = $"{Programs}:{path}" };
        if (configuration is not null)
        {
            options["Configuration"] = configuration;
        }

        return Itself.Run(() => Driver.Define((wanted ?? Wanted()) with { Options = options }, []));
    }

    internal static NetworkDefinition Wanted() => new() { Id = Sample.Id, Name = "blue", Driver = "cni", HasNames = true };

    internal AttachmentRequest Request(NetworkDefinition network, params PortMapping[] ports) => new()
    {
        ContainerId = Sample.Id,
        ContainerName = "web",
        Network = network,
        NamespacePath = Container.Path,
        Interface = "eth0",
        Ports = ports,
    };

    internal AttachmentRecord Attach(AttachmentRequest request, CancellationToken cancellation = default) => Itself.Run(() =>
    {
        var plan = Driver.Plan(request);
        return new AttachmentRecord { Plan = plan, Result = Driver.Attach(plan, cancellation) };
    });

    internal void Detach(AttachmentRecord record) => Itself.Run(() => Driver.Detach(record, default));

    internal IReadOnlyList<string> Check(AttachmentRecord record) =>
        Itself.Run(() => Driver.Upkeep!.Check(record.Plan.Request.Network, [record], default));

    internal IReadOnlyList<string> Repair(AttachmentRecord record) =>
        Itself.Run(() => Driver.Upkeep!.Repair(record.Plan.Request.Network, [record], default));

    internal IReadOnlyList<string> LinksOf(NetworkNamespace network)
    {
        using var route = RouteSocket.Open(network);
        return [.. route.Links().Select(link => link.Name).Where(name => name != "lo").Order()];
    }

    internal IReadOnlyList<string> AddressesOf(NetworkNamespace network, string link)
    {
        using var route = RouteSocket.Open(network);
        return route.FindLink(link) is { } found
            ?
            [
                .. route.Addresses(found.Index)
                    .Where(address => !address.Address.Address.IsIPv6LinkLocal)
                    .Select(address => $"{address.Address}"),
            ]
            : [];
    }

    /// <summary>The addresses that host-local has given.</summary>
    internal IReadOnlyList<string> Given(string network) => Directory.Exists(Path.Combine(Leases, network))
        ? [.. Directory.EnumerateFiles(Path.Combine(Leases, network), "1*").Select(path => Path.GetFileName(path)!)]
        : [];

    public void Dispose()
    {
        _plugins.Dispose();
        _namespaces.ForEach(made => made.Dispose());
        _sandbox.Dispose();
        Assert.DoesNotContain(BridgeName, LinksOfMachine());
    }

    // Of the first thread, which never was elsewhere.
    private static IEnumerable<string> LinksOfMachine()
    {
        using var machine = NetworkNamespace.Open("/proc/self/ns/net");
        using var route = RouteSocket.Open(machine);
        return route.Links().Select(link => link.Name);
    }
}

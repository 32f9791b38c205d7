using PsContainers.Bridge.Firewall;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>One engine's driver on a host, with a run directory of its own.</summary>
internal sealed class TestEngine
{
    private readonly HostOfItsOwn _host;
    private readonly List<(NetworkDefinition Network, AttachmentPlan Plan)> _attached = [];

    internal TestEngine(HostOfItsOwn host, string runDirectory)
    {
        _host = host;
        Places = new()
        {
            PluginDirectory = HostOfItsOwn.PluginDirectory,
            StateDirectory = Directory.CreateDirectory(runDirectory + "-state").FullName,
            RunDirectory = Directory.CreateDirectory(runDirectory).FullName,
        };
        Driver = new(Places);
        Table = TableName.Of(runDirectory);
    }

    internal DriverEnvironment Places { get; }

    internal BridgeDriver Driver { get; }

    internal string Table { get; }

    /// <summary>What a user would get from <c>New-ContainerNetwork</c>.</summary>
    internal NetworkDefinition Define(NetworkDefinition wanted, params NetworkDefinition[] others) =>
        _host.Itself.Run(() => Driver.Define(wanted, others));

    /// <summary>Attaches a container that is new; it gets the address with this number.</summary>
    internal TestContainer Attach(NetworkDefinition network, int number, params string[] ports)
    {
        var container = new TestContainer(_host.Add(), network, number, [.. ports.Select(Wanted.Port)]);
        Attach(container);
        return container;
    }

    internal AttachmentResult Attach(TestContainer container) => _host.Itself.Run(() =>
    {
        var plan = Driver.Plan(container.Request);
        _attached.Add((container.Network, plan));
        return Driver.Attach(plan, CancellationToken.None);
    });

    internal void Detach(TestContainer container, bool withNamespace = true) => _host.Itself.Run(() =>
    {
        var plan = Driver.Plan(container.Request);
        Driver.Detach(
            new() { Plan = plan with { Request = plan.Request with { NamespacePath = withNamespace ? container.Namespace.Path : null } } },
            CancellationToken.None);
        _attached.RemoveAll(item => item.Plan.Request.ContainerId == container.Id && item.Network.Id == container.Network.Id);
    });

    internal IReadOnlyList<string> Check(NetworkDefinition network, params TestContainer[] containers) =>
        _host.Itself.Run(() => Driver.Check(network, Records(containers), CancellationToken.None));

    internal IReadOnlyList<string> Repair(NetworkDefinition network, params TestContainer[] containers) =>
        _host.Itself.Run(() => Driver.Repair(network, Records(containers), CancellationToken.None));

    internal void DetachAll() => _attached.ToList().ForEach(item =>
        _host.Itself.Run(() => Driver.Detach(new() { Plan = item.Plan }, CancellationToken.None)));

    /// <summary>What lies in its run directory, but for the lock.</summary>
    internal IEnumerable<string> Files() => Directory.EnumerateFiles(Places.RunDirectory, "*", SearchOption.AllDirectories)
        .Where(path => path != Path.Combine(Places.RunDirectory, "lock"));

    private AttachmentRecord[] Records(TestContainer[] containers) =>
        [.. containers.Select(container => new AttachmentRecord { Plan = Driver.Plan(container.Request) })];
}

using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.InProcess;

public sealed class AssemblyDriverTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public AssemblyDriverTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void A_driver_of_an_assembly_is_loaded_when_it_is_called()
    {
        var driver = Driver("OddDriver");
        var before = _host.List()[0].Status;

        var plan = driver.Plan(Sample.Request());
        var result = driver.Attach(plan, default);
        driver.Detach(new AttachmentRecord { Plan = plan, Result = result }, default);

        Assert.Equal(ContainerPluginStatus.Available, before);
        Assert.Equal(ContainerPluginStatus.Loaded, _host.List()[0].Status);
        Assert.Equal(("s", "eth0"), (plan.State, result.Interface));
        Assert.Equal((null, null), (driver.Ports, driver.Upkeep));
    }

    [Fact]
    public void Optional_interfaces_are_there_when_the_plugin_has_them()
    {
        var driver = Driver("AbleDriver", "ports", "upkeep");

        driver.Ports!.Publish(new AttachmentRecord { Plan = driver.Plan(Sample.Request()) }, [], default);
        var lines = driver.Upkeep!.Check(Sample.Network(), [], default);

        Assert.Equal(["blue: fine"], lines);
    }

    [Fact]
    public void An_interface_that_plugin_json_promises_and_the_type_lacks_is_refused()
    {
        var error = Assert.Throws<DriverException>(() => Driver("OddDriver", "ports").Plan(Sample.Request()));

        Assert.Contains("is no IPortPublisher, against its plugin.json (capabilities)", error.Message, StringComparison.Ordinal);
        Assert.Equal(ContainerPluginStatus.Broken, _host.List()[0].Status);
    }

    [Fact]
    public void A_plugin_has_a_load_context_of_its_own_and_the_contract_in_common()
    {
        var defined = Driver("OddDriver").Define(Sample.Network("context"), []);

        Assert.Contains("plugin odd", defined.Options["context"], StringComparison.Ordinal);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly =>
            assembly.GetName().Name == "PsContainers.Abstractions" && assembly != typeof(INetworkDriver).Assembly);
    }

    [Fact]
    public void A_driver_gets_folders_of_its_own()
    {
        var defined = Driver("OddDriver").Define(Sample.Network("environment"), []);

        var state = Path.Combine(_sandbox.Paths.StateRoot, "odd");
        Assert.Equal(state, defined.Options["state"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(state));
    }

    [Theory]
    [InlineData("refuse", "the option odd is odd")]
    [InlineData("throw", "plugin odd failed in define: InvalidOperationException: a mistake of the driver")]
    [InlineData("rename", "plugin odd answered define with name: \"another\": was \"blue\", and may not change")]
    [InlineData("gateway", "plugin odd answered define with subnets[0].gateway: \"10.0.1.1\": not an address in 10.0.0.0/24")]
    [InlineData("null", "plugin odd answered define with nothing")]
    [InlineData("hang", "plugin odd did not end define within 0.5 seconds and goes on in this process")]
    public void Whatever_a_driver_does_is_one_exception_with_clear_words(string odd, string message)
    {
        var driver = Driver("OddDriver");

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Network(odd), []));

        Assert.Equal(message, error.Message);
        Assert.Equal("blue", driver.Define(Sample.Network(), []).Name);
    }

    [Fact]
    public void A_state_that_is_too_large_is_refused()
    {
        var request = Sample.Request() with { Network = Sample.Network() with { Mtu = 65537 } };

        var error = Assert.Throws<DriverException>(() => Driver("OddDriver").Plan(request));

        Assert.Equal("plugin odd answered plan with state: 65537 bytes, more than 65536", error.Message);
    }

    [Fact]
    public void A_driver_that_obeys_ends_when_its_time_is_over()
    {
        var driver = Driver("OddDriver");

        var error = Assert.Throws<DriverException>(() => driver.Attach(driver.Plan(Sample.Request("obey")), default));

        Assert.Equal("plugin odd did not end attach within 0.5 seconds", error.Message);
    }

    [Fact]
    public void A_caller_that_cancels_comes_back()
    {
        var driver = Driver("OddDriver");
        using var canceled = new CancellationTokenSource(100);

        Assert.Throws<OperationCanceledException>(() => driver.Attach(driver.Plan(Sample.Request("obey")), canceled.Token));
    }

    [Fact]
    public void A_type_that_can_not_be_made_is_named()
    {
        var error = Assert.Throws<DriverException>(() => Driver("BrokenDriver").Plan(Sample.Request()));

        Assert.Equal("plugin odd could not be loaded: FileNotFoundException: its kernel module is missing", error.Message);
    }

    [Theory]
    [InlineData("NoDriver", "has no type PsContainers.Plugins.Peer.NoDriver")]
    [InlineData("PeerText", "has a type PsContainers.Plugins.Peer.PeerText that is no public INetworkDriver")]
    public void A_type_that_is_no_driver_is_refused(string type, string reason)
    {
        var error = Assert.Throws<DriverException>(() => Driver(type).Plan(Sample.Request()));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_three_failures_in_a_row_a_plugin_is_given_up_for_a_while()
    {
        var driver = Driver("OddDriver");
        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<DriverException>(() => driver.Define(Sample.Network("throw"), []));
        }

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Network(), []));

        Assert.StartsWith("plugin odd is not asked for 10 more seconds, after 3 failures in a row; the last: ", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_run_at_the_same_time()
    {
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd", changes: [("timeouts", new JsonObject { ["define"] = 10 })]));
        var driver = _host.NetworkDriver("odd");

        var names = Enumerable.Range(0, 4)
            .Select(_ => Task.Factory.StartNew(
                () => driver.Define(Sample.Network("meet"), []).Name, default, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToList()
            .Select(call => call.GetAwaiter().GetResult());

        Assert.Equal(["blue", "blue", "blue", "blue"], names);
    }

    private NetworkPlugin Driver(string type, params string[] capabilities)
    {
        var able = new JsonArray([.. capabilities.Select(name => (JsonNode)name)]);
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd", type, ("capabilities", able)));
        return _host.NetworkDriver("odd");
    }
}

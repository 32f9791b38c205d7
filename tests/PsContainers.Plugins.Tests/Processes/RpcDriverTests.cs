using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Processes;

public sealed class RpcDriverTests : IDisposable
{
    private const string Peer = "PsContainers.Plugins.RpcPeer";

    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public RpcDriverTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void A_driver_that_speaks_StreamJsonRpc_serves_all_calls()
    {
        var driver = Driver();

        var network = driver.Define(Sample.Network(), [Sample.Network()]);
        var plan = driver.Plan(Sample.Request());
        var result = driver.Attach(plan, default);
        driver.Detach(new AttachmentRecord { Plan = plan, Result = result }, default);

        Assert.Equal(("blue", "s", "10.90.0.2/24"), (network.Name, plan.State, result.Addresses[0]));
        Assert.NotNull(driver.ProcessId);
    }

    [Fact]
    public void A_driver_that_refuses_does_it_in_its_own_words()
    {
        var error = Refused(Driver(), "refuse");

        Assert.Equal(
            ("the option odd is odd", DriverErrorKind.InvalidRequest, "options.odd"), (error.Message, error.Kind, error.Field));
    }

    [Theory]
    [InlineData("throw", "plugin odd failed in define: a mistake of the driver", true)]
    [InlineData("wait", "plugin odd did not answer define within 3 seconds", true)]
    [InlineData("lie", "plugin odd answered define with name: \"another\": was \"blue\", and may not change", true)]
    [InlineData("hang", "plugin odd did not answer define within 3 seconds", false)]
    [InlineData("exit", "plugin odd ended with code 4, before it answered define; its standard error ends: that was too much", false)]
    [InlineData("large", "plugin odd wrote more than 4194304 bytes at once, before it answered define", false)]
    public void Whatever_a_process_does_is_one_exception_with_clear_words(string odd, string message, bool lives)
    {
        var driver = Driver();
        driver.Define(Sample.Network(), []);
        var before = driver.ProcessId;

        var error = Refused(driver, odd);
        driver.Define(Sample.Network(), []);

        Assert.Equal(message, error.Message);
        Assert.Equal(lives, before == driver.ProcessId);
    }

    [Theory]
    [InlineData("version", "plugin odd answered hello with contract: \"3.0\", and was asked to speak 1.1")]
    [InlineData("silent", "plugin odd did not accept the channel \"rpc\" within 3 seconds")]
    public void A_process_that_speaks_something_else_is_refused(string oddity, string message)
    {
        var error = Refused(Driver(oddity), null);

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_process_that_greets_a_human_is_refused()
    {
        var error = Refused(Driver("garbage"), null);

        Assert.StartsWith("plugin odd ", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"rpc\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_calls_run_at_once()
    {
        var driver = Driver();
        driver.Define(Sample.Network(), []);

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var network = Sample.Network() with { Name = $"blue{i}" };
            Assert.Equal(network.Name, driver.Define(network, []).Name);
        });
    }

    [Fact]
    public void A_caller_that_cancels_comes_back()
    {
        var driver = Driver();
        var plan = driver.Plan(Sample.Request());
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => driver.Attach(plan, canceled.Token));
    }

    private static DriverException Refused(NetworkPlugin driver, string? odd) =>
        Assert.Throws<DriverException>(() => driver.Define(Sample.Network(odd), []));

    private NetworkPlugin Driver(string oddity = "")
    {
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        var manifest = PluginSandbox.ProcessManifest("odd", Peer, "streamjsonrpc", [
            ("entry", new JsonObject { ["executable"] = Peer, ["arguments"] = new JsonArray(oddity) }),
            ("timeouts", new JsonObject { ["start"] = oddity == "silent" ? 3 : 30, ["define"] = 3 }),
            ("environment", new JsonObject { ["DOTNET_ROOT"] = runtime })]);
        var folder = PluginSandbox.Add(_sandbox.First, "odd", manifest.ToJsonString());
        PluginSandbox.CopyBuilt(Peer, folder);
        return _host.NetworkDriver("odd");
    }
}

using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Processes;

public sealed class JsonLinesDriverTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public JsonLinesDriverTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void A_process_is_started_by_the_first_call_and_serves_the_next_ones()
    {
        var driver = Driver(ShellPeer.Echo);
        var before = driver.ProcessId;

        var defined = driver.Define(Sample.Network() with { Subnets = [], Options = new Dictionary<string, string> { ["a"] = "b" } }, []);
        var first = driver.ProcessId;
        driver.Define(Sample.Network(), [Sample.Network()]);

        Assert.Null(before);
        Assert.NotNull(first);
        Assert.Equal(first, driver.ProcessId);
        Assert.Equal(("blue", 0, "b"), (defined.Name, defined.Subnets.Count, defined.Options["a"]));
        Assert.Equal(ContainerPluginStatus.Loaded, _host.List()[0].Status);
    }

    [Fact]
    public void Lists_that_an_answer_leaves_out_are_empty()
    {
        var driver = Driver($$"""answer '"result":{"id":"{{Sample.Id}}","name":"blue","driver":"odd"}'""");

        var defined = driver.Define(Sample.Network(), []);

        Assert.Empty(defined.Subnets);
        Assert.Empty(defined.Options);
    }

    [Theory]
    [InlineData("""answer '"error":{"kind":"inUse","message":"it is taken","field":"interface"}'""", "it is taken", DriverErrorKind.InUse)]
    [InlineData("""answer '"error":{"kind":"failed","message":"a\u001b[31mb"}'""", "a [31mb", DriverErrorKind.Failed)]
    public void A_driver_that_refuses_does_it_in_its_own_words(string define, string message, DriverErrorKind kind)
    {
        var error = Refused(Driver(define));

        Assert.Equal((message, kind), (error.Message, error.Kind));
    }

    [Theory]
    [InlineData("exit 3", "plugin odd ended with code 3, before it answered define")]
    [InlineData("echo one >&2; echo two >&2; exit 1",
        "plugin odd ended with code 1, before it answered define; its standard error ends: one | two")]
    [InlineData("kill -9 $$", "plugin odd ended by signal 9, before it answered define")]
    [InlineData("exec >&-; sleep 60", "plugin odd ended by signal 9, before it answered define")]
    [InlineData("echo hello there", "plugin odd answered define with what is not JSON: hello there")]
    [InlineData("yes", "plugin odd answered define with what is not JSON: y")]
    [InlineData("echo '{\"id\":7,\"id\":7}'", "plugin odd answered define with what is not JSON: {\"id\":7,\"id\":7}")]
    [InlineData("echo '{\"id\":7,\"result\":{}}'",
        "plugin odd answered define without the request's id 2: {\"id\":7,\"result\":{}}")]
    [InlineData("echo '[]'", "plugin odd answered define without the request's id 2: []")]
    [InlineData("answer '\"resalt\":{}'", "plugin odd answered define with neither a result nor an error")]
    [InlineData("answer '\"error\":{\"kind\":\"odd\",\"message\":\"\"}'",
        "plugin odd answered define with an error whose kind: \"odd\" is not one of invalidRequest, unsupported, inUse, exhausted, "
        + "unavailable, failed")]
    [InlineData("answer '\"error\":\"bad\"'", "plugin odd answered define with an error whose \"bad\" is not an object")]
    [InlineData("answer '\"result\":null'", "plugin odd answered define with null is not an object")]
    [InlineData("answer '\"result\":{\"id\":\"x\",\"name\":\"blue\"}'", "plugin odd answered define with driver: missing")]
    [InlineData("answer \"\\\"result\\\":${wanted%?},\\\"colour\\\":1}\"", "plugin odd answered define with colour: unknown member")]
    [InlineData("answer \"\\\"result\\\":${wanted%?},\\\"mtu\\\":1e9}\"", "plugin odd answered define with mtu: 1e9 is not a whole number")]
    [InlineData("answer \"\\\"result\\\":${wanted%?},\\\"mtu\\\":\\\"9\\\"}\"",
        "plugin odd answered define with mtu: \"9\" is not a whole number")]
    [InlineData("sleep 60", "plugin odd did not answer define within 1 seconds")]
    [InlineData("echo waiting for a friend >&2; sleep 60",
        "plugin odd did not answer define within 1 seconds; its standard error ends: waiting for a friend")]
    [InlineData("tr '\\0' x </dev/zero", "plugin odd wrote a line of more than 1048576 bytes, when it was asked to define")]
    public void Whatever_a_process_does_is_one_exception_with_clear_words(string define, string message)
    {
        var driver = Driver($"case $wanted in *'\"odd\":\"yes\"'*) {define} ;; *) {ShellPeer.Echo} ;; esac");

        var error = Refused(driver, "yes");

        Assert.Equal(message, error.Message);
        Assert.Equal("blue", driver.Define(Sample.Network(), []).Name);
    }

    [Fact]
    public void A_process_that_hangs_is_killed_with_all_that_it_started()
    {
        var driver = Driver("sleep 61 & echo $! >children; sleep 62 & echo $! >>children; wait");

        Refused(driver);

        var children = File.ReadAllLines(Path.Combine(_sandbox.Paths.RunRoot, "odd/children"));
        Assert.Equal(2, children.Length);
        Assert.All(children, child => Eventually(() => !IsRunning(int.Parse(child, null)), $"process {child} ends"));
        Assert.Null(driver.ProcessId);
    }

    [Fact]
    public void A_process_that_talks_without_being_asked_is_told_so_at_the_next_call()
    {
        var driver = Driver($"{ShellPeer.Echo}; echo and another thing");

        driver.Define(Sample.Network(), []);
        Eventually(() => driver.ProcessId is null, "the process is ended");
        var error = Refused(driver);
        var again = driver.Define(Sample.Network(), []);

        Assert.Equal("plugin odd wrote to its standard output without being asked: and another thing", error.Message);
        Assert.Equal("blue", again.Name);
    }

    [Fact]
    public void A_process_that_ended_between_two_calls_is_started_again()
    {
        var driver = Driver(ShellPeer.Echo);
        driver.Define(Sample.Network(), []);
        var first = driver.ProcessId!.Value;

        Linux.ChildProcess.Signal(first, 9);
        Eventually(() => driver.ProcessId is null, "its end is seen");
        driver.Define(Sample.Network(), []);

        Assert.NotEqual(first, driver.ProcessId);
    }

    [Theory]
    [InlineData("""answer '"result":{"name":"odd","contract":"2.0"}'""",
        "plugin odd answered hello with contract: \"2.0\", and was asked to speak 1.1")]
    [InlineData("""answer '"result":{"name":"odd","contract":"1.2"}'""",
        "plugin odd answered hello with contract: \"1.2\", and was asked to speak 1.1")]
    [InlineData("""answer '"result":{"name":"even","contract":"1.0"}'""",
        "plugin odd answered hello with name: \"even\", against its plugin.json")]
    [InlineData("""answer '"error":{"kind":"unavailable","message":"no ip in PATH"}'""", "no ip in PATH")]
    public void What_is_wrong_with_its_hello_is_said_by_the_first_call(string hello, string message)
    {
        var driver = Driver(ShellPeer.Echo, hello);

        Assert.Equal(message, Refused(driver).Message);
    }

    [Fact]
    public void A_program_that_can_not_be_run_is_named()
    {
        _sandbox.AddScript(Manifest(), "#!/no/such/interpreter\n");

        var error = Refused(_host.NetworkDriver("odd"));

        Assert.Contains("before it answered hello", error.Message, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_gets_a_clean_environment_and_its_own_folder()
    {
        Environment.SetEnvironmentVariable("PSC_TEST_SECRET", "x");
        _sandbox.AddScript(
            Manifest(("environment", new JsonObject { ["COLOR"] = "blue and red" })),
            ShellPeer.Script(ShellPeer.Echo, begin: "tr '\\0' '\\n' </proc/$$/environ | sort >environment; readlink /proc/$$/fd/* >files"));

        _host.NetworkDriver("odd").Define(Sample.Network(), []);

        var run = Path.Combine(_sandbox.Paths.RunRoot, "odd");
        Assert.Equal(
            ["COLOR=blue and red", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            File.ReadAllLines(Path.Combine(run, "environment")));
        Assert.DoesNotContain("socket", File.ReadAllText(Path.Combine(run, "files")), StringComparison.Ordinal);
    }

    [Fact]
    public void Much_on_standard_error_holds_nothing_up()
    {
        var driver = Driver($"head -c 3000000 /dev/zero >&2; {ShellPeer.Echo}");

        Assert.Equal("blue", driver.Define(Sample.Network(), []).Name);
    }

    [Fact]
    public void A_process_that_does_not_read_is_given_up()
    {
        var driver = Driver("true", begin: """
            IFS= read -r line; answer '"result":{"name":"odd","contract":"1.0"}'; sleep 60
            """);
        var others = Enumerable.Repeat(Sample.Network(), 1000).ToList();

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Network(), others));

        Assert.Equal("plugin odd did not read the request to define within 1 seconds", error.Message);
    }

    [Fact]
    public void A_caller_that_cancels_comes_back_and_the_process_is_ended()
    {
        var driver = Driver(ShellPeer.Echo);
        driver.Define(Sample.Network(), []);
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            driver.Detach(new AttachmentRecord { Plan = new AttachmentPlan { Request = Sample.Request() } }, canceled.Token));

        Assert.Null(driver.ProcessId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM HUP; while true; do sleep 1; done &")]
    public void The_process_ends_with_the_host(string begin)
    {
        var driver = Driver(ShellPeer.Echo, begin: begin);
        driver.Define(Sample.Network(), []);
        var id = driver.ProcessId!.Value;

        _host.Dispose();

        Assert.False(IsRunning(id));
        Assert.Throws<ObjectDisposedException>(() => driver.Define(Sample.Network(), []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("IFS= read -r line; answer '\"result\":{\"name\":\"odd\",\"contract\":\"1.0\"}'; IFS= read -r line; "
        + "wanted=${line#*\\\"wanted\\\":}; wanted=${wanted%%,\\\"others\\\"*}; " + ShellPeer.Echo + "; while true; do sleep 1; done")]
    public void The_process_ends_with_a_session_that_is_killed(string begin)
    {
        Add(ShellPeer.Script(ShellPeer.Echo, begin: begin));
        using var session = SecondSession.Start(_sandbox, "odd");
        var plugin = session.AwaitPlugin();
        var wasRunning = IsRunning(plugin);

        session.Kill();

        Assert.True(wasRunning);
        Eventually(() => !IsRunning(plugin), "the plugin ends with its session");
    }

    [Fact]
    public void A_session_without_StreamJsonRpc_plugins_does_not_load_it()
    {
        Add(ShellPeer.Script(ShellPeer.Echo));
        using var session = SecondSession.Start(_sandbox, "odd");
        session.AwaitPlugin();

        var loaded = File.ReadAllLines(Path.Combine(_sandbox.Root, "loaded"));

        Assert.Contains("PsContainers.Plugins", loaded);
        Assert.DoesNotContain(loaded, name => name is "StreamJsonRpc" or "Nerdbank.Streams" or "Newtonsoft.Json" or "MessagePack");
    }

    private static DriverException Refused(NetworkPlugin driver, string? odd = null) =>
        Assert.Throws<DriverException>(() => driver.Define(Sample.Network(odd), []));

    private static JsonObject Manifest(params (string Member, JsonNode? Value)[] changes) => PluginSandbox.ProcessManifest(
        "odd", "run.sh", "json-lines", [("timeouts", new JsonObject { ["start"] = 10, ["define"] = 1 }), .. changes]);

    // A zombie has ended, too: who reaps it is another's business.
    private static bool IsRunning(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            return status[(status.LastIndexOf(')') + 2)] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Eventually(Func<bool> isSo, string what)
    {
        for (var i = 0; i < 500; i++)
        {
            if (isSo())
            {
                return;
            }

            Thread.Sleep(10);
        }

        Assert.Fail($"not within five seconds: {what}");
    }

    private NetworkPlugin Driver(string define, string? hello = null, string begin = "")
    {
        Add(hello is null ? ShellPeer.Script(define, begin: begin) : ShellPeer.Script(define, hello, begin));
        return _host.NetworkDriver("odd");
    }

    private void Add(string script) => _sandbox.AddScript(Manifest(), script);
}

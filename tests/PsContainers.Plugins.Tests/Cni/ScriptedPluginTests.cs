using System.Diagnostics;
using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Cni;

/// <summary>Plugins that do what no good one does, and those that speak 1.1.</summary>
public sealed class ScriptedPluginTests
{
    private const string Result = "echo '{\"cniVersion\":\"1.0.0\","
        + "\"interfaces\":[{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\",\"sandbox\":\"x\"}],"
        + "\"ips\":[{\"address\":\"10.1.1.2/24\",\"interface\":0}]}'";

    [Theory]
    [InlineData("exec sleep 60", DriverErrorKind.Unavailable, "did not end within 1 seconds")]
    [InlineData("sleep 60 & sleep 60", DriverErrorKind.Unavailable, "did not end within 1 seconds")]
    [InlineData("echo boo >&2; kill -SEGV $$", DriverErrorKind.Failed, "ended by signal 11, without saying why; its standard error")]
    [InlineData("exit 3", DriverErrorKind.Failed, "ended with code 3, without saying why")]
    [InlineData("echo hello", DriverErrorKind.Failed, "answered with what is no result: hello")]
    [InlineData("true", DriverErrorKind.Failed, "answered with what is no result: ")]
    [InlineData("exec yes", DriverErrorKind.Unavailable, "wrote more than 1048576 bytes")]
    [InlineData("exec yes >&2", DriverErrorKind.Unavailable, "did not end within 1 seconds; its standard error ends: y")]
    [InlineData("echo '{\"code\":7,\"msg\":\"bad\"}'; exit 1", DriverErrorKind.InvalidRequest, "failed: bad (error 7)")]
    [InlineData("echo '{\"code\":11,\"msg\":\"a\",\"details\":\"d\"}'; exit 1", DriverErrorKind.Unavailable, "failed: a: d (error 11)")]
    [InlineData("echo '{\"code\":50,\"msg\":\"down\"}'", DriverErrorKind.Unavailable, "failed: down (error 50)")]
    [InlineData("echo '{\"cniVersion\":\"0.3.1\",\"ips\":[]}'", DriverErrorKind.Failed, "answered in version 0.3.1, and was")]
    public void What_a_plugin_does_wrong_is_said_and_undone(string script, DriverErrorKind kind, string words)
    {
        using var host = new CniHost(manifest => manifest["timeouts"] = new JsonObject { ["attach"] = 1, ["detach"] = 3 });
        host.Script("first", Result);
        host.Script("odd", $"[ $CNI_COMMAND = ADD ] || exit 0\n{script}");
        var network = Define(host, "first", "odd", "never");
        var started = Stopwatch.GetTimestamp();

        var error = Assert.Throws<DriverException>(() => host.Attach(host.Request(network)));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(kind, error.Kind);
        Assert.Equal(["ADD first", "ADD odd", "DEL odd", "DEL first"], Commands(host));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("\"ips\":[3]", "another shape than CNI's in ips[0]")]
    [InlineData("\"ips\":[null]", "another shape than CNI's in interfaces or ips")]
    [InlineData("\"ips\":[{\"address\":\"10.1\"}]", "\"10.1\": not an address with a prefix")]
    [InlineData("\"interfaces\":[{\"name\":\"a/b\"}]", "a link's name has no '/'")]
    public void Result_of_a_chain_that_cannot_be_read_is_refused(string members, string words)
    {
        using var host = new CniHost();
        host.Script("odd", $"echo '{{\"cniVersion\":\"1.0.0\",{members}}}'");
        var network = Define(host, "odd");

        var error = Assert.Throws<DriverException>(() => host.Attach(host.Request(network)));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(DriverErrorKind.Failed, error.Kind);
    }

    [Fact]
    public void Result_that_is_too_large_to_be_kept_is_undone()
    {
        using var host = new CniHost();
        host.Script("big", """printf '{"cniVersion":"1.0.0","more":"%070000d"}' 0""");

        var error = Assert.Throws<DriverException>(() => host.Attach(host.Request(Define(host, "big"))));

        Assert.Contains("more than 65536", error.Message, StringComparison.Ordinal);
        Assert.Equal(["ADD big", "DEL big"], Commands(host));
    }

    [Fact]
    public void What_hung_is_killed_with_its_children()
    {
        using var host = new CniHost(manifest => manifest["timeouts"] = new JsonObject { ["attach"] = 0.5 });
        var marker = Path.Combine(host.Programs, "alive");
        host.Script("odd", $"[ $CNI_COMMAND = ADD ] || exit 0\n(sleep 1.5; touch {marker}) & wait");

        Assert.Throws<DriverException>(() => host.Attach(host.Request(Define(host, "odd"))));

        Thread.Sleep(2000);
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public void Canceling_ends_a_plugin_and_undoes_what_was_done()
    {
        using var host = new CniHost();
        host.Script("first", Result);
        host.Script("odd", "[ $CNI_COMMAND = ADD ] || exit 0\nexec sleep 60");
        var network = Define(host, "first", "odd");
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        Assert.ThrowsAny<OperationCanceledException>(() => host.Attach(host.Request(network), cancellation.Token));

        Assert.Equal(["ADD first", "ADD odd", "DEL odd", "DEL first"], Commands(host));
    }

    [Fact]
    public void Chain_passes_results_on_and_what_the_plugins_asked_for()
    {
        using var host = new CniHost();
        host.Script("first", Result);
        host.Script("second", Result);
        var network = host.Define(host.Write("""
            {"cniVersion":"1.0.0","name":"n","plugins":[{"type":"first","capabilities":{"mac":true,"ips":true},"cni.dev/x":1},
            {"type":"second","capabilities":{"portMappings":true,"aliases":true,"dns":true,"mac":false}}]}
            """));
        Assert.True(network.HasNames);
        var port = new PortMapping { HostAddress = "127.0.0.1", HostPort = 53, ContainerPort = 5353, Protocol = "udp" };
        var request = host.Request(network, port) with
        {
            Names = ["web"],
            NameServers = ["192.0.2.53"],
            MacAddress = "02:00:00:00:00:01",
        };

        var record = host.Attach(request);
        host.Detach(record);

        var inputs = Inputs(host);
        Assert.Equal(
            """{"type":"first","cniVersion":"1.0.0","name":"n","runtimeConfig":{"mac":"02:00:00:00:00:01"}}""", inputs[0].ToJsonString());
        Assert.Equal(
            """[{"hostPort":53,"containerPort":5353,"protocol":"udp","hostIP":"127.0.0.1"}]""",
            inputs[1]["runtimeConfig"]!["portMappings"]!.ToJsonString());
        Assert.Equal("""["web"]""", inputs[1]["runtimeConfig"]!["aliases"]!.ToJsonString());
        Assert.Equal("""{"servers":["192.0.2.53"]}""", inputs[1]["runtimeConfig"]!["dns"]!.ToJsonString());
        Assert.Null(inputs[1]["runtimeConfig"]!["mac"]);
        Assert.Equal("10.1.1.2/24", inputs[1]["prevResult"]!["ips"]![0]!["address"]!.GetValue<string>());
        Assert.Equal(["ADD first", "ADD second", "DEL second", "DEL first"], Commands(host));
        Assert.All(inputs[2..], input => Assert.Equal(inputs[1]["prevResult"]!.ToJsonString(), input["prevResult"]!.ToJsonString()));
        Assert.Equal("02:00:00:00:00:01", record.Result!.MacAddress);
    }

    [Fact]
    public void Detachment_goes_on_past_what_fails_and_says_so_at_the_end()
    {
        using var host = new CniHost(manifest => manifest["timeouts"] = new JsonObject { ["detach"] = 2 });
        host.Script("first", $"[ $CNI_COMMAND = DEL ] || {Result}");
        host.Script("second", $"[ $CNI_COMMAND = DEL ] && sleep 60\n{Result}");
        host.Script("third", $$"""[ $CNI_COMMAND = DEL ] && { echo '{"code":100,"msg":"stuck"}'; exit 1; }{{"\n"}}{{Result}}""");
        var record = host.Attach(host.Request(Define(host, "first", "second", "third")));

        var error = Assert.Throws<DriverException>(() => host.Detach(record));

        Assert.Contains("DEL of the CNI plugin third failed: stuck", error.Message, StringComparison.Ordinal);
        Assert.Contains("DEL of the CNI plugin second did not end within", error.Message, StringComparison.Ordinal);
        Assert.Equal(["DEL third", "DEL second", "DEL first"], Commands(host)[3..]);
    }

    [Fact]
    public void Newest_version_brings_status_and_garbage_collection()
    {
        using var host = new CniHost();
        host.Script("new", Result.Replace("1.0.0", "1.1.0", StringComparison.Ordinal));
        var network = host.Define(host.Write("""{"cniVersion":"1.0.0","cniVersions":["1.1.0"],"name":"n","plugins":[{"type":"new"}]}"""));
        var record = host.Attach(host.Request(network));

        Assert.Equal([], host.Repair(record));

        Assert.Equal(["STATUS new", "ADD new", "CHECK new", "GC new"], Commands(host));
        Assert.Equal(
            $$"""[{"containerID":"{{Sample.Id}}","ifname":"eth0"}]""", Inputs(host)[3]["cni.dev/valid-attachments"]!.ToJsonString());
    }

    [Fact]
    public void Network_is_not_made_of_plugins_that_are_not_ready()
    {
        using var host = new CniHost();
        host.Script("new", """echo '{"cniVersion":"1.1.0","code":50,"msg":"daemon is down"}'; exit 1""");

        var error = Assert.Throws<DriverException>(() => Define(host, "1.1.0", ["new"]));

        Assert.Equal(DriverErrorKind.Unavailable, error.Kind);
        Assert.Contains("STATUS of the CNI plugin new failed: daemon is down", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Repair_names_what_it_mended()
    {
        using var host = new CniHost();
        var mended = Path.Combine(host.Programs, "mended");
        host.Script("new", $$"""
            case $CNI_COMMAND in
                GC) touch {{mended}} ;;
                CHECK) [ -e {{mended}} ] || { echo '{"code":101,"msg":"a rule of somebody gone"}'; exit 1; } ;;
                *) {{Result.Replace("1.0.0", "1.1.0", StringComparison.Ordinal)}} ;;
            esac
            """);
        var record = host.Attach(host.Request(Define(host, "1.1.0", ["new"])));

        Assert.Contains("a rule of somebody gone", Assert.Single(host.Repair(record)), StringComparison.Ordinal);
        Assert.Equal([], host.Repair(record));
    }

    [Fact]
    public void Old_plugin_brings_its_chain_down_to_its_version_and_is_not_checked()
    {
        using var host = new CniHost();
        host.Script("old", """echo '{"cniVersion":"0.3.1","ips":[{"version":"4","address":"10.1.1.2/24"}]}'""", versions: "\"0.3.1\"");
        host.Script("other", """echo '{"cniVersion":"0.3.1","ips":[{"version":"4","address":"10.1.1.2/24"}]}'""", "\"0.3.1\",\"1.0.0\"");

        var record = host.Attach(host.Request(Define(host, "old", "other")));

        Assert.Equal(["10.1.1.2/24"], record.Result!.Addresses);
        Assert.Equal([], host.Check(record));
        Assert.Equal(["ADD old", "ADD other"], Commands(host));
    }

    [Fact]
    public void Ports_are_published_with_the_attachment_and_no_capability_says_that_they_could_be_changed()
    {
        using var host = new CniHost();
        host.Script("map", Result);
        var network = host.Define(host.Write(
            """{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"map","capabilities":{"portMappings":true}}]}"""));

        var record = host.Attach(host.Request(network, new PortMapping { HostPort = 8080, ContainerPort = 80 }));

        Assert.Null(host.Driver.Ports);
        Assert.Equal([8080], record.Plan.Request.Ports.Select(port => port.HostPort));
    }

    [Fact]
    public void Capability_that_no_program_of_CNI_can_have_is_refused()
    {
        using var host = new CniHost(manifest => manifest["capabilities"] = new JsonArray("ports"));

        var error = Assert.Throws<DriverException>(() => host.Driver);

        Assert.Contains("CNI has no way to change the ports of a container that runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_with_a_configuration_is_a_driver_of_its_own_name()
    {
        using var host = new CniHost(manifest =>
        {
            manifest["name"] = "green";
            manifest["entry"] = new JsonObject { ["configuration"] = "green.conflist" };
        });
        File.WriteAllText(Path.Combine(host.Folder, "green.conflist"), """{"cniVersion":"1.0.0","name":"g","plugins":[{"type":"mine"}]}""");
        host.Script("mine", Result);
        File.Move(Path.Combine(host.Programs, "mine"), Path.Combine(host.Folder, "mine"));

        var network = host.Define(null);
        var error = Assert.Throws<DriverException>(() => host.Define("/etc/cni/net.d/10-x.conflist"));

        Assert.Equal("10.1.1.2/24", Assert.Single(host.Attach(host.Request(network)).Result!.Addresses));
        Assert.Equal("options.configuration", error.Field);
    }

    private static NetworkDefinition Define(CniHost host, params string[] types) => Define(host, "1.0.0", types);

    private static NetworkDefinition Define(CniHost host, string version, string[] types)
    {
        if (types.Contains("never"))
        {
            host.Script("never", Result);
        }

        var plugins = string.Join(',', types.Select(type => $$"""{"type":"{{type}}"}"""));
        return host.Define(host.Write($$"""{"cniVersion":"{{version}}","name":"n","plugins":[{{plugins}}]}"""));
    }

    private static string[] Commands(CniHost host) => [.. host.LogLines.Select(line => string.Join(' ', line.Split(' ').Take(2)))];

    private static JsonNode[] Inputs(CniHost host) =>
        [.. host.LogLines.Select(line => JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!)];
}

using System.Text;
using System.Text.Json.Nodes;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Images;

public sealed class CommittedConfigTests
{
    private static readonly string _base = $$$"""
        {
          "architecture": "amd64", "os": "linux", "author": "they", "container": "1f", "container_config": {"Cmd": ["x"]},
          "config": {
            "Env": ["PATH=/bin", "A=1"], "Entrypoint": ["/entry"], "Cmd": ["old"], "ExposedPorts": {"80/tcp": {}},
            "Labels": {"a": "1"}, "Healthcheck": {"Test": ["CMD", "true"]}, "WorkingDir": "/srv"
          },
          "rootfs": {"type": "layers", "diff_ids": ["{{{Sample.DigestOf("0")}}}", "{{{Sample.DigestOf("1")}}}"]},
          "history": [{"created_by": "RUN 1"}, {"created_by": "ENV", "empty_layer": true}]
        }
        """;

    private static readonly ContainerSettings _settings = Sample.Settings() with
    {
        Arguments = ["/entry", "run", "it"],
        Environment = ["PATH=/bin", "A=1", "B=2"],
        Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        WorkingDirectory = "/srv",
    };

    [Fact]
    public void What_the_container_has_and_the_engine_does_not_know_stays()
    {
        var config = Write(new ContainerCommit());

        Assert.Equal(["PATH=/bin", "A=1", "B=2"], Texts(config["config"]!["Env"]));
        Assert.Equal(["/entry"], Texts(config["config"]!["Entrypoint"]));
        Assert.Equal(["run", "it"], Texts(config["config"]!["Cmd"]));
        Assert.Equal("""{"a":"1","b":"2"}""", config["config"]!["Labels"]!.ToJsonString());
        Assert.Equal("""{"Test":["CMD","true"]}""", config["config"]!["Healthcheck"]!.ToJsonString());
        Assert.Equal("they", (string?)config["author"]);
        Assert.Null(config["container"]);
        Assert.Null(config["container_config"]);
    }

    [Fact]
    public void Requested_changes_hold()
    {
        var config = Write(new ContainerCommit
        {
            Author = "me",
            Entrypoint = ["/other"],
            Environment = new Dictionary<string, string> { ["A"] = "3" },
            Labels = new Dictionary<string, string> { ["c"] = "=" },
            User = "7:8",
            WorkingDirectory = "/work",
            ExposedPorts = ["53/udp"],
            Volumes = ["/data"],
            StopSignal = "SIGINT",
        });

        var changed = config["config"]!;
        Assert.Equal("me", (string?)config["author"]);
        Assert.Equal(["/other"], Texts(changed["Entrypoint"]));
        Assert.Null(changed["Cmd"]);
        Assert.Equal(["PATH=/bin", "A=3", "B=2"], Texts(changed["Env"]));
        Assert.Equal("=", (string?)changed["Labels"]!["c"]);
        Assert.Equal(["7:8", "/work", "SIGINT"], new[] { "User", "WorkingDir", "StopSignal" }.Select(member => (string?)changed[member]));
        Assert.Equal(["80/tcp", "53/udp"], changed["ExposedPorts"]!.AsObject().Select(port => port.Key));
        Assert.Equal("""{"/data":{}}""", changed["Volumes"]!.ToJsonString());
    }

    [Fact]
    public void Other_entry_point_of_the_container_becomes_the_command()
    {
        var config = Write(new ContainerCommit(), _settings with { Arguments = ["sh", "-c", "x"] });

        Assert.Null(config["config"]!["Entrypoint"]);
        Assert.Equal(["sh", "-c", "x"], Texts(config["config"]!["Cmd"]));
    }

    [Fact]
    public void History_has_a_step_for_each_layer()
    {
        var known = ImageDocument.ReadConfig(CommittedConfig.Write(
            Encoding.UTF8.GetBytes(_base), _settings, new ContainerCommit { Message = "why" }, Sample.DigestOf("2"), Sample.Time));

        Assert.Equal(
            [Sample.DigestOf("0"), Sample.DigestOf("1"), Sample.DigestOf("2")], known.RootFs.DiffIds!);
        Assert.Equal([null, "RUN 1", "ENV", "/entry run it"], known.History!.Select(step => step.CreatedBy));
        Assert.Equal(3, known.History!.Count(step => step.EmptyLayer != true));
        Assert.Equal(("why", Sample.Time), (known.History![^1].Comment, known.History![^1].Created?.UtcDateTime));
    }

    [Fact]
    public void Without_a_layer_the_step_is_empty()
    {
        var known = ImageDocument.ReadConfig(
            CommittedConfig.Write(Encoding.UTF8.GetBytes(_base), _settings, new ContainerCommit(), layer: null, Sample.Time));

        Assert.Equal(2, known.RootFs.DiffIds!.Count);
        Assert.True(known.History![^1].EmptyLayer);
    }

    [Fact]
    public void Base_configuration_with_a_text_that_is_none_is_refused()
    {
        var config = _base.Insert(_base.IndexOf('{', StringComparison.Ordinal) + 1, "\"unknown\": \"\\ud800\",");

        var error = Assert.Throws<ImageFormatException>(() => CommittedConfig.Write(
            Encoding.UTF8.GetBytes(config), _settings, new ContainerCommit(), layer: null, Sample.Time));

        Assert.StartsWith("the base image's configuration is not valid", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80", "80/tcp")]
    [InlineData("53/udp", "53/udp")]
    [InlineData("8000-8010", "8000-8010/tcp")]
    public void Port_is_completed(string given, string expected) =>
        Assert.Equal([expected], CommitRequest.Complete(new ContainerCommit { ExposedPorts = [given] }).ExposedPorts!);

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("80/icmp")]
    [InlineData("1-2-3")]
    [InlineData("http")]
    [InlineData("")]
    public void Port_that_is_none_is_named_in_the_error(string port)
    {
        var error = Assert.Throws<ContainerEngineException>(() => CommitRequest.Complete(new ContainerCommit { ExposedPorts = [port] }));

        Assert.Equal("InvalidArgument", error.ErrorId);
        Assert.StartsWith($"port '{port}' ", error.Message, StringComparison.Ordinal);
    }

    private static JsonObject Write(ContainerCommit commit, ContainerSettings? settings = null) => JsonNode.Parse(
        CommittedConfig.Write(Encoding.UTF8.GetBytes(_base), settings ?? _settings, commit, Sample.DigestOf("2"), Sample.Time))!.AsObject();

    private static IEnumerable<string?> Texts(JsonNode? list) => list!.AsArray().Select(text => (string?)text);
}

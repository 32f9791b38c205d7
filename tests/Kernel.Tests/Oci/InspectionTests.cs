using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>The commands that tell of containers and of the runtime: `list`, `ps`, `events`, `spec`, `features`.</summary>
public sealed class InspectionTests(TestHost host) : OciTest(host)
{
    [Fact]
    public void List_has_a_row_for_each_container()
    {
        Assert.Equal("", Bundle.Runtime("list", "--quiet").Text());
        Bundle.Create().Text();
        Bundle.CreateNamed("two").Text();
        Bundle.Runtime("start", "two").Text();

        Assert.Equal("one\ntwo", Bundle.Runtime("list", "-q").Text());
        var lines = Bundle.Runtime("list").Text().Split('\n').Select(Words).ToArray();
        Assert.Equal(["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"], lines[0]);
        Assert.Equal(["one", $"{Bundle.Pid("one")}", "created", Bundle.Folder], lines[1][..4]);
        Assert.Equal(["two", $"{Bundle.Pid("two")}", "running", Bundle.Folder], lines[2][..4]);

        var list = JsonNode.Parse(Bundle.Runtime("list", "--format", "json").Text())!.AsArray();
        Assert.Equal(["one", "two"], list.Select(item => (string)item!["id"]!));
        Assert.Equal(Bundle.ReadState("two").ToJsonString(), list[1]!.ToJsonString());
    }

    // The guest's ps cannot tell when its machine was started, and says nothing then.
    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Processes_of_the_container_are_shown_and_no_others()
    {
        Bundle.Script("sleep 1000 & exec sleep 2000").StartDetached();
        WaitUntil(() => Bundle.Runtime("ps", OciBundle.Id).Text().Split('\n').Length == 3, "the second process did not come");

        var rows = Bundle.Runtime("ps", OciBundle.Id, "-o", "pid,args").Text().Split('\n');
        Assert.Equal(["1000", "2000", "COMMAND"], rows.Select(row => Words(row)[^1]).Order());
        var numbers = JsonSerializer.Deserialize<int[]>(Bundle.Runtime("ps", "--format", "json", OciBundle.Id).Text())!;
        Assert.Equal(2, numbers.Length);
        Assert.Contains(Bundle.Pid(), numbers);

        Assert.Contains("PID", Refused(Bundle.Runtime("ps", OciBundle.Id, "-o", "args")), StringComparison.Ordinal);
    }

    [Fact]
    public void Use_is_told_once_or_again_and_again()
    {
        Bundle.Linux["resources"]!["memory"] = new JsonObject { ["limit"] = 64 << 20 };
        Bundle.Linux["resources"]!["pids"] = new JsonObject { ["limit"] = 40 };
        Bundle.StartDetached();

        var once = JsonNode.Parse(Bundle.Runtime("events", "--stats", OciBundle.Id).Text())!;

        Assert.Equal(("stats", OciBundle.Id), ((string)once["type"]!, (string)once["id"]!));
        Assert.Equal(64L << 20, (long)once["data"]!["memory"]!["usage"]!["limit"]!);
        Assert.InRange((long)once["data"]!["memory"]!["usage"]!["usage"]!, 1, 64 << 20);
        Assert.Equal(1, (int)once["data"]!["pids"]!["current"]!);
        Assert.Equal(40, (int)once["data"]!["pids"]!["limit"]!);
        Assert.True((long)once["data"]!["cpu"]!["usage"]!["total"]! > 0);

        // It ends with the container.
        var watch = Bundle.StartRuntime([], "events", "--interval", "100ms", OciBundle.Id);
        WaitForFile(watch.Output);
        Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();
        Assert.Equal(0, OciBundle.Finish(watch).ExitCode);
        Assert.Contains("\"type\":\"stats\"", File.ReadAllText(watch.Output), StringComparison.Ordinal);
        Assert.Contains("container not running", Refused(Bundle.Runtime("events", "--stats", OciBundle.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public void Kill_for_want_of_memory_is_an_event()
    {
        Bundle.Linux["resources"]!["memory"] = new JsonObject { ["limit"] = 16 << 20, ["swap"] = 16 << 20 };
        Bundle.Script("while [ ! -e /tmp/go ]; do sleep 0.02; done; /bin/probe-grow 64; exec sleep 1000").StartDetached();
        var watch = Bundle.StartRuntime([], "events", "--interval", "100ms", OciBundle.Id);
        WaitForFile(watch.Output);

        File.WriteAllText(Path.Join(Bundle.RootPath, "tmp/go"), "");

        WaitUntil(() => File.ReadAllText(watch.Output).Contains("{\"type\":\"oom\"", StringComparison.Ordinal), "no event was told");
        Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();
        OciBundle.Finish(watch).Text();
    }

    [Fact]
    public void Configuration_to_start_from_runs_and_is_not_overwritten()
    {
        var folder = Directory.CreateDirectory(Bundle.In("fresh")).FullName;
        Bundle.Runtime("spec", "--bundle", folder).Text();
        var path = Path.Join(folder, "config.json");
        var configuration = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal("sh", (string)configuration["process"]!["args"]![0]!);
        Assert.True((bool)configuration["process"]!["terminal"]!);

        Assert.Contains($"file {path} exists", Refused(Bundle.Runtime("spec", "-b", folder)), StringComparison.Ordinal);

        File.CreateSymbolicLink(Path.Join(folder, "rootfs"), Bundle.RootPath);
        configuration["process"]!["args"] = new JsonArray("sh", "-c", "hostname; id -u");
        configuration["process"]!["terminal"] = false;
        File.WriteAllText(path, configuration.ToJsonString());
        Assert.Equal("psc-runtime\n0", Bundle.Runtime("run", "--bundle", folder, OciBundle.Id).Text());
    }

    [Fact]
    public void Features_are_told_as_the_specification_has_them()
    {
        var features = JsonNode.Parse(Bundle.Runtime("features").Text())!;
        var linux = features["linux"]!;

        Assert.Equal("1.0.0", (string)features["ociVersionMin"]!);
        Assert.Equal(6, features["hooks"]!.AsArray().Count);
        Assert.Contains("rbind", Strings(features["mountOptions"]!));
        Assert.Equal(["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"], Strings(linux["namespaces"]!).Order());
        Assert.Contains("CAP_SYS_ADMIN", Strings(linux["capabilities"]!));
        Assert.True((bool)linux["cgroup"]!["v1"]! && (bool)linux["cgroup"]!["v2"]!);
        Assert.Contains("SCMP_ACT_NOTIFY", Strings(linux["seccomp"]!["actions"]!));
        Assert.Contains("SCMP_CMP_MASKED_EQ", Strings(linux["seccomp"]!["operators"]!));
        Assert.Contains("SCMP_ARCH_X86_64", Strings(linux["seccomp"]!["archs"]!));
        Assert.Contains("SECCOMP_FILTER_FLAG_LOG", Strings(linux["seccomp"]!["supportedFlags"]!));
        Assert.True((bool)linux["mountExtensions"]!["idmap"]!["enabled"]!);
    }

    [Theory]
    [InlineData("list", "--format", "xml")]
    [InlineData("list", "word")]
    [InlineData("events", "--interval", "soon", "one")]
    [InlineData("features", "word")]
    [InlineData("spec", "--bundle", "/no/such/folder")]
    public void Command_line_without_sense_is_refused(params string[] words) =>
        Assert.Contains(words[^1] == "one" ? "soon" : words[^1], Refused(Bundle.Runtime(words)), StringComparison.Ordinal);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Strings(JsonNode node) => node.AsArray().Select(item => (string)item!);
}

using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class HookTests(TestHost host) : OciTest(host)
{
    private static readonly string[] _kinds =
        ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    [Fact]
    public void All_six_kinds_run_in_order_and_in_the_namespaces_they_belong_to()
    {
        foreach (var kind in _kinds)
        {
            Add(kind, Report(kind));
        }

        Bundle.Create().Text();
        var pid = Bundle.Pid();
        var own = NamespaceOf(Environment.ProcessId, "mnt");
        var inside = NamespaceOf(pid, "mnt");
        Assert.Equal(["prestart", "createRuntime", "createContainer"], Lines().Select(line => line.Split(' ')[0]));

        Bundle.Runtime("start", OciBundle.Id).Text();
        Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();
        WaitForStatus("stopped");
        Bundle.Runtime("delete", OciBundle.Id).Text();

        Assert.Equal(
            [
                $"prestart creating {pid} {own}", $"createRuntime creating {pid} {own}", $"createContainer creating 1 {inside}",
                $"startContainer created 1 {inside}", $"poststart running {pid} {own}", $"poststop stopped 0 {own}",
            ],
            Lines().Order(Comparer<string>.Create((a, b) => Rank(a) - Rank(b))));
    }

    [Fact]
    public void Run_in_the_foreground_runs_all_kinds_too()
    {
        foreach (var kind in _kinds)
        {
            Add(kind, Report(kind));
        }

        Bundle.Say("true");

        Assert.Equal(_kinds.Order(), Lines().Select(line => line.Split(' ')[0]).Order());
        Assert.Equal("poststop", Lines()[^1].Split(' ')[0]);
    }

    [Fact]
    public void Hooks_of_a_kind_run_in_the_order_of_the_list()
    {
        for (var i = 0; i < 5; i++)
        {
            Add("createRuntime", $"echo {i} >> {Record}");
        }

        Bundle.Create().Text();

        Assert.Equal("0 1 2 3 4", string.Join(' ', Lines()));
    }

    [Fact]
    public void State_on_stdin_is_json_with_all_that_the_specification_asks_for()
    {
        Bundle.Config["annotations"] = new JsonObject { ["a.\"b\""] = "c\nd" };
        Add("createRuntime", $"cat > {Record}");

        Bundle.Create().Text();

        var state = JsonNode.Parse(File.ReadAllText(Record))!;
        Assert.Equal("1.3.0", (string)state["ociVersion"]!);
        Assert.Equal(OciBundle.Id, (string)state["id"]!);
        Assert.Equal(Bundle.Folder, (string)state["bundle"]!);
        Assert.Equal("c\nd", (string)state["annotations"]!["a.\"b\""]!);
    }

    [Fact]
    public void Arguments_and_environment_are_the_hooks_own()
    {
        Bundle.Config["hooks"] = new JsonObject
        {
            ["createRuntime"] = new JsonArray(new JsonObject
            {
                ["path"] = "/bin/sh",
                ["args"] = new JsonArray("zero", "-c", $"echo $0 $1; env | grep -v ^PWD= > {Record}", "named", "one two"),
                ["env"] = new JsonArray("A=1", "B=x y"),
            }),
        };

        Bundle.Create().Text();

        Assert.Equal(["A=1", "B=x y"], Lines().Where(line => line[0] is 'A' or 'B'));
        Assert.DoesNotContain(Lines(), line => line.StartsWith("PATH=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void Creation_fails_with_a_hook_and_nothing_is_left(string kind)
    {
        Add(kind, "exit 3");
        Add("poststop", $"echo stopped >> {Record}");

        var error = Refused(Bundle.Create());

        Assert.Contains($"{kind} hook /bin/sh", error, StringComparison.Ordinal);
        Assert.Contains("3", error, StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Start_fails_with_a_startContainer_hook()
    {
        Bundle.Script("echo ran > /tmp/ran");
        Add("startContainer", "exit 3");
        Bundle.Create().Text();

        Assert.Contains("startContainer hook", Refused(Bundle.Runtime("start", OciBundle.Id)), StringComparison.Ordinal);

        WaitForStatus("stopped");
        Assert.False(File.Exists(Path.Join(Bundle.RootPath, "tmp/ran")));
    }

    [Fact]
    public void Failing_poststart_hook_is_told_and_the_container_goes_on()
    {
        Add("poststart", "exit 3");
        Bundle.Create().Text();

        Assert.Contains("poststart hook", Bundle.Runtime("start", OciBundle.Id).Error, StringComparison.Ordinal);

        Assert.Equal("running", Bundle.Status());
    }

    [Fact]
    public void Failing_poststop_hook_is_told_and_the_others_run()
    {
        Add("poststop", "exit 3");
        Add("poststop", $"echo second > {Record}");
        Bundle.Create().Text();

        var result = Bundle.Runtime("delete", OciBundle.Id);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("poststop hook", result.Error, StringComparison.Ordinal);
        Assert.Equal("second", Lines().Single());
        Assert.Empty(Bundle.Ids());
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void Hook_that_takes_too_long_is_ended(string kind)
    {
        Add(kind, "exec sleep 1000", timeout: 1);
        var start = DateTime.UtcNow;

        Assert.Contains("hook", Refused(Bundle.Create()), StringComparison.Ordinal);

        Assert.InRange(DateTime.UtcNow - start, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Hook_that_does_not_read_its_stdin_is_fine_however_long_the_state_is()
    {
        var annotations = new JsonObject();
        for (var i = 0; i < 2000; i++)
        {
            annotations[$"org.example.{i}"] = new string('x', 100);
        }

        Bundle.Config["annotations"] = annotations;
        Add("createRuntime", "exec 0<&-; true");

        Bundle.Create().Text();

        Assert.Equal("created", Bundle.Status());
    }

    [Fact]
    public void Missing_hook_is_named()
    {
        Hooks("createRuntime").Add((JsonNode)new JsonObject { ["path"] = "/no/such/hook" });

        Assert.Contains("/no/such/hook", Bundle.Create().Error, StringComparison.Ordinal);

        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Hook_inherits_no_descriptor()
    {
        foreach (var kind in new[] { "createRuntime", "createContainer" })
        {
            Add(kind, $"ls /proc/self/fd | tr '\\n' ' ' > {Bundle.In(kind)}");
        }

        Bundle.Create().Text();

        // 3 is the folder that ls reads.
        Assert.Equal("0 1 2 3 ", File.ReadAllText(Bundle.In("createRuntime")));
        Assert.Equal("0 1 2 3 ", File.ReadAllText(Bundle.In("createContainer")));
    }

    [Theory]
    [InlineData("relative", 1, "hooks.createRuntime[0].path")]
    [InlineData("/bin/true", 0, "hooks.createRuntime[0].timeout")]
    public void Impossible_hook_is_named(string path, int timeout, string named)
    {
        Hooks("createRuntime").Add((JsonNode)new JsonObject { ["path"] = path, ["timeout"] = timeout });

        Assert.Contains(named, Refused(Bundle.Create()), StringComparison.Ordinal);
    }

    private string Record => Bundle.In("log");

    private string[] Lines() => File.ReadAllLines(Record);

    private static int Rank(string line) => Array.IndexOf(_kinds, line.Split(' ')[0]);

    // Inside after the pivot the log of the host is out of reach: there the container's own file takes its place.
    private string Report(string kind)
    {
        var log = kind == "startContainer" ? "/log" : Record;
        return $"read line; s=${{line#*status\\\":\\\"}}; p=${{line#*pid\\\":}}; "
            + $"echo {kind} ${{s%%\\\"*}} ${{p%%,*}} $(readlink /proc/self/ns/mnt) >> {log}";
    }

    private void Add(string kind, string script, int? timeout = null)
    {
        var hook = new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", script) };
        if (timeout is not null)
        {
            hook["timeout"] = timeout;
        }

        if (kind == "startContainer")
        {
            hook["env"] = new JsonArray("PATH=/bin");
            File.WriteAllText(Record, "");
            Bundle.Config["mounts"]!.AsArray().Add((JsonNode)new JsonObject
            {
                ["destination"] = "/log",
                ["type"] = "bind",
                ["source"] = Record,
                ["options"] = new JsonArray("bind"),
            });
        }

        Hooks(kind).Add((JsonNode)hook);
    }

    private JsonArray Hooks(string kind)
    {
        var hooks = Bundle.Config["hooks"]?.AsObject();
        if (hooks is null)
        {
            Bundle.Config["hooks"] = hooks = [];
        }

        if (hooks[kind] is not JsonArray list)
        {
            hooks[kind] = list = [];
        }

        return list;
    }
}

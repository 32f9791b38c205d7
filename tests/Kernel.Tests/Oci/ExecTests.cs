using System.Globalization;
using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class ExecTests(TestHost host) : OciTest(host)
{
    private static readonly string[] _namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "uts", "user", "time"];

    [Fact]
    public void Command_is_in_all_namespaces_and_groups_of_the_container()
    {
        var pid = Bundle.StartDetached();

        Bundle.Exec("--detach", "--pid-file", Bundle.In("pid"), OciBundle.Id, "sleep", "1000").Text();

        var executed = int.Parse(File.ReadAllText(Bundle.In("pid")), CultureInfo.InvariantCulture);
        Assert.All(_namespaces, name => Assert.Equal(NamespaceOf(pid, name), NamespaceOf(executed, name)));
        Assert.Equal(File.ReadAllText($"/proc/{pid}/cgroup"), File.ReadAllText($"/proc/{executed}/cgroup"));
        Assert.Equal(File.ReadAllText($"/proc/{pid}/uid_map"), File.ReadAllText($"/proc/{executed}/uid_map"));
        Assert.Equal(new FileInfo($"/proc/{pid}/root").LinkTarget, new FileInfo($"/proc/{executed}/root").LinkTarget);
    }

    [Fact]
    public void Output_input_and_code_are_the_commands()
    {
        Bundle.StartDetached();

        var result = Bundle.Exec(OciBundle.Id, "sh", "-c", "echo out; echo error >&2; cat; exit 9");

        Assert.Equal((9, "out\n", "error\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Code_of_a_command_that_a_signal_ended_is_128_and_its_number()
    {
        Bundle.StartDetached();

        Assert.Equal(143, Bundle.Exec(OciBundle.Id, "sh", "-c", "kill -TERM $$").ExitCode);
    }

    [Fact]
    public void User_folder_environment_and_capabilities_are_the_ones_asked_for()
    {
        Bundle.StartDetached();

        Assert.Equal("7 8 8 29 44\n/tmp\n5 container=no\n", Bundle.Exec(
            "-u", "7:8", "-g", "29", "-g", "44", "--cwd", "/tmp", "-e", "A=5", "--env=B=container=no", OciBundle.Id,
            "sh", "-c", "echo $(id -u) $(id -g) $(id -G); pwd; echo $A $B").Output);
        Assert.Equal(
            "0000000000200000",
            Bundle.Exec("--cap", "CAP_SYS_ADMIN", OciBundle.Id, "sh", "-c", "grep CapEff /proc/self/status").Output.Trim()[8..] is var caps
                ? (Convert.ToUInt64(caps, 16) & 0x200000).ToString("x16", CultureInfo.InvariantCulture)
                : "");
    }

    [Fact]
    public void Without_options_the_command_has_what_the_containers_process_has()
    {
        Bundle.StartDetached();
        const string facts = "p=$0; [ $p = self ] && p=$$; "
            + "grep -E 'Cap|Seccomp:|NoNewPrivs|Uid|Groups' /proc/$p/status; cat /proc/$p/environ; true";

        var own = Bundle.Exec(OciBundle.Id, "sh", "-c", facts, "1").Text();

        Assert.Equal(own, Bundle.Exec(OciBundle.Id, "sh", "-c", facts, "self").Text());
    }

    [Fact]
    public void Filter_is_the_same_whether_taken_from_the_plan_or_compiled_anew_after_an_upgrade()
    {
        Bundle.Linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["syscalls"] = JsonNode.Parse("""[{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95 }]"""),
        };
        Bundle.StartDetached();
        const string refused = "mkdir: can't create directory '/tmp/x': Operation not supported\n";

        Assert.Equal(refused, Bundle.Exec(OciBundle.Id, "mkdir", "/tmp/x").Error);

        // The plan's version, behind its magic number.
        using (var plan = File.OpenWrite(Path.Join(Bundle.State, OciBundle.Id, "plan")))
        {
            plan.Position = 4;
            plan.WriteByte(byte.MaxValue);
        }

        Assert.Equal(refused, Bundle.Exec(OciBundle.Id, "mkdir", "/tmp/x").Error);
    }

    [Fact]
    public void Process_file_says_it_all()
    {
        Bundle.StartDetached();
        var process = Bundle.Process.DeepClone();
        process["args"] = new JsonArray(
            "sh", "-c", "id -u; pwd; echo $X; ulimit -n; grep -E 'NoNewPrivs|Cpus_allowed_list' /proc/self/status");
        process["env"] = new JsonArray("PATH=/bin", "X=y");
        process["cwd"] = "/etc";
        process["execCPUAffinity"] = new JsonObject { ["initial"] = "0", ["final"] = "0" };
        process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        process["noNewPrivileges"] = false;
        process["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = 77, ["hard"] = 77 });
        File.WriteAllText(Bundle.In("process.json"), process.ToJsonString());

        Assert.Equal(
            "1000\n/etc\ny\n77\nNoNewPrivs:\t0\nCpus_allowed_list:\t0",
            Bundle.Exec("--process", Bundle.In("process.json"), OciBundle.Id).Text());
    }

    [Theory]
    [InlineData("{", "process.json")]
    [InlineData("null", "process.json")]
    [InlineData("""{ "cwd": "/", "user": { "uid": 0, "gid": 0 }, "args": [] }""", "process.args")]
    [InlineData(
        """{ "cwd": "/", "user": { "uid": 0, "gid": 0 }, "args": ["true"], "execCPUAffinity": { "final": "x" } }""",
        "process.execCPUAffinity.final")]
    public void Broken_process_file_is_named(string text, string named)
    {
        Bundle.StartDetached();
        File.WriteAllText(Bundle.In("process.json"), text);

        Assert.Contains(named, Refused(Bundle.Exec("-p", Bundle.In("process.json"), OciBundle.Id)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such", 127)]
    [InlineData("/etc/passwd", 126)]
    [InlineData("/tmp", 126)]
    public void Command_that_cannot_run_is_named(string command, int code)
    {
        Bundle.StartDetached();

        Assert.Contains(command, Refused(Bundle.Exec(OciBundle.Id, command), code), StringComparison.Ordinal);
        Assert.Contains(command, Refused(Bundle.Exec("--detach", OciBundle.Id, command)), StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_into_a_container_that_does_not_run_is_refused()
    {
        Bundle.Command("true").StartDetached();
        WaitForStatus("stopped");

        Assert.Contains("stopped", Refused(Bundle.Exec(OciBundle.Id, "true")), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(Bundle.Exec("nobody", "true")), StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_without_a_command_is_refused()
    {
        Bundle.StartDetached();

        Assert.Contains("process.args", Refused(Bundle.Exec(OciBundle.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_into_a_created_container_works_and_leaves_it_created()
    {
        Bundle.Create().Text();

        Assert.Equal("x", Bundle.Exec(OciBundle.Id, "echo", "x").Text());

        Assert.Equal("created", Bundle.Status());
    }

    [Fact]
    public void Race_with_the_end_of_the_container_is_decided_one_way_or_the_other()
    {
        for (var i = 0; i < 10; i++)
        {
            Bundle.StartDetached();
            var calls = Enumerable.Range(0, 4).Select(_ => Bundle.StartRuntime([], "exec", OciBundle.Id, "echo", "ran")).ToList();
            Thread.Sleep(i * 4);
            Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();

            foreach (var result in calls.Select(OciBundle.Finish))
            {
                // 137: it ran already when the container's end took it along.
                var isDecided = result is { ExitCode: 0, Output: "ran\n" } or { ExitCode: 137 }
                    || (result.ExitCode is 1 or 125 && result.Error.Split('\n') is [{ Length: > 0 }, ""]);
                Assert.True(isDecided, $"{result.ExitCode} {result.Output} {result.Error}");
            }

            Bundle.Runtime("delete", "--force", OciBundle.Id).Text();
        }
    }

    [Fact]
    public void Many_at_a_time_all_run()
    {
        Bundle.StartDetached();

        var calls = Enumerable.Range(0, 12).Select(i => Bundle.StartRuntime([], "exec", OciBundle.Id, "echo", $"{i}")).ToList();

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}\n"), calls.Select(call => OciBundle.Finish(call).Output));
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Group_below_the_containers_is_joined()
    {
        var pid = Bundle.StartDetached();
        var groups = File.ReadAllLines($"/proc/{pid}/cgroup").Single(line => line.Contains("pids", StringComparison.Ordinal)).Split(':')[2];
        var sub = $"/sys/fs/cgroup/pids{groups}/sub";
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/pids"), "needs version 1");
        Directory.CreateDirectory(sub);

        Bundle.Exec("--detach", "--pid-file", Bundle.In("pid"), "--cgroup", "pids:sub", OciBundle.Id, "sleep", "1000").Text();

        var joined = File.ReadAllText($"/proc/{File.ReadAllText(Bundle.In("pid"))}/cgroup");
        Assert.Contains($":pids:{groups}/sub\n", joined, StringComparison.Ordinal);
        Assert.Contains("..", Refused(Bundle.Exec("--cgroup", "../x", OciBundle.Id, "true")), StringComparison.Ordinal);
    }

    [Fact]
    public void Group_that_is_not_there_is_an_error_that_names_it()
    {
        Bundle.StartDetached();

        Assert.Contains("nothere", Refused(Bundle.Exec("--cgroup", "nothere", OciBundle.Id, "true"), 125), StringComparison.Ordinal);
    }
}

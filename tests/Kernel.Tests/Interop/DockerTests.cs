using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>The launcher as the runtime of dockerd.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class DockerTests(TestHost host, Docker docker) : PeerTest(host, docker), IClassFixture<Docker>
{
    [Theory]
    [InlineData("")]
    [InlineData("--runtime=psc")]
    public void Output_and_code_are_the_commands(string runtime)
    {
        var result = Do(
            [
                "run", "--rm", .. runtime.Split(' ', StringSplitOptions.RemoveEmptyEntries), "busybox",
                "sh", "-c", "echo out; echo err >&2; exit 7",
            ]);

        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("no-such-command", 127)]
    [InlineData("/no/such/command", 127)]
    [InlineData("/etc/passwd", 126)]
    [InlineData("/etc", 126)]
    public void Command_that_cannot_run_has_the_usual_code(string command, int expected)
    {
        var result = Do("run", "--rm", "busybox", command);

        Assert.Equal(expected, result.ExitCode);
        Assert.Contains($"exec({command})", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_have_the_terminal_and_its_size()
    {
        Start("c1", "sleep", "100");

        // The size comes after the start, by a call of its own; until then stty says nothing.
        const string script = "until [ -s /tmp/size ]; do sleep 0.1; stty size > /tmp/size; done 2> /dev/null; tty; cat /tmp/size";
        Assert.Equal("/dev/pts/0\n31 77", SayOnTerminal("run", "--rm", "--tty", "busybox", "sh", "-c", script));
        Assert.Equal("/dev/pts/0\n31 77", SayOnTerminal("exec", "--tty", "c1", "sh", "-c", script));
    }

    [Fact]
    public void Command_in_a_running_container_is_the_one_asked_for()
    {
        Start("c1", "sleep", "100");

        var said = Say("exec", "--user", "alice", "--workdir", "/etc", "--env", "A=b", "c1", "sh", "-c", "echo $PWD $A $(id -u)");
        Assert.Equal("/etc b 1000", said);
        Assert.Equal(9, Do("exec", "c1", "sh", "-c", "exit 9").ExitCode);
        Assert.Equal("sleep 100", Say("exec", "c1", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline").Trim());
        Assert.Contains("sleep 100", Say("top", "c1"), StringComparison.Ordinal);
    }

    [Fact]
    public void User_can_open_its_own_output() => Assert.Equal(
        "1000", Say("run", "--rm", "--user", "alice", "busybox", "sh", "-c", "id -u > /dev/stdout"));

    [Fact]
    public void Paused_container_takes_no_command_until_it_goes_on()
    {
        Start("c1", "sleep", "100");

        Say("pause", "c1");
        Assert.Equal("paused", Inspect("c1", "{{.State.Status}}"));
        Assert.NotEqual(0, Do("exec", "c1", "true").ExitCode);

        Say("unpause", "c1");
        Assert.Equal("running", Inspect("c1", "{{.State.Status}}"));
        Say("exec", "c1", "true");
    }

    [Fact]
    public void Limits_are_in_the_control_group_and_change_while_it_runs()
    {
        Assert.SkipWhen(IsUnified, "reads files of version 1");

        var id = Say(
            "run", "--detach", "--name", "c1", "--memory", "64m", "--cpus", "0.5", "--pids-limit", "50", "--cpuset-cpus", "0", "busybox",
            "sleep", "100");

        Assert.Equal(["67108864", "50000", "50"], Limits(id));
        Assert.Equal("0", docker.ReadGroup("cpuset", id, "cpuset.cpus"));
        Assert.Contains("64MiB", Say("stats", "--no-stream", "c1"), StringComparison.Ordinal);

        Say("update", "--memory", "32m", "--memory-swap", "48m", "--cpus", "0.25", "--pids-limit", "20", "c1");

        Assert.Equal(["33554432", "25000", "20"], Limits(id));
        Assert.Equal("50331648", docker.ReadGroup("memory", id, "memory.memsw.limit_in_bytes"));
    }

    [Fact]
    public void Container_without_memory_is_killed_and_marked()
    {
        Do("run", "--name", "c1", "--memory", "16m", "busybox", "probe-grow", "64");

        Assert.Equal("true", Inspect("c1", "{{.State.OOMKilled}}"));
    }

    [Fact]
    public void Signals_reach_the_command_and_its_code_is_kept()
    {
        Start("c1", "sh", "-c", "trap 'exit 3' TERM; touch /tmp/ready; while :; do sleep 0.05; done");
        WaitUntil(() => Do("exec", "c1", "test", "-e", "/tmp/ready").ExitCode == 0, "the command did not come up");

        Say("stop", "c1");
        Assert.Equal("3", Inspect("c1", "{{.State.ExitCode}}"));

        Say("start", "c1");
        Say("kill", "c1");
        Assert.Equal("137", Say("wait", "c1"));
    }

    [Fact]
    public void Created_container_is_started_and_attached_to()
    {
        Say("create", "--name", "c1", "busybox", "sh", "-c", "echo attached; exit 5");

        var result = Do("start", "--attach", "c1");

        Assert.Equal((5, "attached\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void Namespaces_of_another_container_are_joined()
    {
        Say("run", "--detach", "--name", "c1", "--ipc", "shareable", "--network", "none", "busybox", "sleep", "100");

        var output = Say(
            "run", "--rm", "--network", "container:c1", "--pid", "container:c1", "--ipc", "container:c1", "busybox",
            "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline");

        Assert.Equal("sleep 100", output.Trim());
    }

    [Fact]
    public void Mounts_capabilities_and_kernel_settings_are_the_ones_asked_for()
    {
        var folder = Directory.CreateDirectory(Path.Join(Host.Scratch, "docker-volume")).FullName;
        File.WriteAllText(Path.Join(folder, "file"), "content\n");

        var output = Say(
            "run", "--rm", "--read-only", "--volume", $"{folder}:/v:ro", "--tmpfs", "/t:size=1m", "--cap-drop", "ALL", "--cap-add", "CHOWN",
            "--sysctl", "kernel.msgmax=4096", "--ulimit", "nofile=100:200", "--shm-size", "1m", "--hostname", "named", "busybox",
            "sh", "-c", "cat /v/file; touch /x 2> /dev/null || echo ro; df -k /t /dev/shm | awk 'NR > 1 { print $2 }';"
            + " grep CapEff /proc/self/status; cat /proc/sys/kernel/msgmax; ulimit -n; hostname");

        Assert.Equal("content\nro\n1024\n1024\nCapEff:\t0000000000000001\n4096\n100\nnamed", output);
    }

    [Fact]
    public void Ten_at_once_all_run()
    {
        var results = Enumerable.Range(0, 10).AsParallel().WithDegreeOfParallelism(10)
            .Select(n => Do("run", "--rm", "busybox", "echo", $"{n}").Output.Trim()).Order(StringComparer.Ordinal);

        Assert.Equal("0123456789", string.Concat(results));
    }

    private void Start(string name, params string[] command) => Say(["run", "--detach", "--name", name, "busybox", .. command]);

    private string Inspect(string name, string format) => Say("inspect", "--format", format, name);

    private string[] Limits(string id) =>
    [
        docker.ReadGroup("memory", id, "memory.limit_in_bytes"),
        docker.ReadGroup("cpu", id, "cpu.cfs_quota_us"),
        docker.ReadGroup("pids", id, "pids.max"),
    ];
}

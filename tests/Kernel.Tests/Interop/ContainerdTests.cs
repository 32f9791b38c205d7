using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>The launcher in the place of runc, under containerd's shim.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class ContainerdTests(TestHost host, Containerd containerd) : PeerTest(host, containerd), IClassFixture<Containerd>
{
    [Fact]
    public void Output_and_code_are_the_commands()
    {
        var result = Do("run", "--rm", Containerd.Image, "c", "sh", "-c", "echo out; exit 7");

        Assert.Equal((7, "out\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("no-such-command", "exec(no-such-command): no such file or directory")]
    [InlineData("/etc/passwd", "exec(/etc/passwd): permission denied")]
    public void Command_that_cannot_run_is_named(string command, string expected)
    {
        Start("c", "sleep", "100");

        Assert.Contains(expected, Do("run", "--rm", Containerd.Image, "d", command).Error, StringComparison.Ordinal);
        Assert.Contains(expected, Do("task", "exec", "--exec-id", "e", "c", command).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_have_the_terminal_and_its_size()
    {
        Start("c", "sleep", "100");

        // The size comes after the start, by a call of its own; until then stty says nothing.
        const string script = "until [ -s /tmp/size ]; do sleep 0.1; stty size > /tmp/size; done 2> /dev/null; tty; cat /tmp/size";
        Assert.Contains(
            "/dev/pts/0\n31 77", SayOnTerminal("run", "--rm", "--tty", Containerd.Image, "d", "sh", "-c", script),
            StringComparison.Ordinal);
        Assert.Contains(
            "/dev/pts/0\n31 77", SayOnTerminal("task", "exec", "--tty", "--exec-id", "e", "c", "sh", "-c", script),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Command_in_a_running_container_is_beside_its_first_process()
    {
        Start("c", "sleep", "100");

        Assert.Equal("sleep 100", Say("task", "exec", "--exec-id", "e", "c", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline").Trim());
        Assert.Equal(9, Do("task", "exec", "--exec-id", "e", "c", "sh", "-c", "exit 9").ExitCode);
        Assert.Single(Say("task", "ps", "c").Split('\n').Skip(1));
    }

    [Fact]
    public void Paused_task_takes_no_command_until_it_goes_on()
    {
        Start("c", "sleep", "100");

        Say("task", "pause", "c");
        Assert.Contains("PAUSED", Say("task", "ls"), StringComparison.Ordinal);
        Assert.NotEqual(0, Do("task", "exec", "--exec-id", "e", "c", "true").ExitCode);

        Say("task", "resume", "c");
        Assert.Contains("RUNNING", Say("task", "ls"), StringComparison.Ordinal);
        Say("task", "exec", "--exec-id", "e", "c", "true");
    }

    [Fact]
    public void Killed_task_is_removed_and_cannot_be_killed_again()
    {
        Start("c", "sleep", "100");

        Say("task", "kill", "--signal", "KILL", "c");
        WaitUntil(() => Say("task", "ls").Contains("STOPPED", StringComparison.Ordinal), "the task did not stop");

        Assert.Contains("process already finished", Do("task", "kill", "--signal", "KILL", "c").Error, StringComparison.Ordinal);
        Do("task", "rm", "c");
        Assert.Empty(Say("task", "ls", "--quiet"));
    }

    [Fact]
    public void Limits_are_in_the_control_group_and_use_is_measured_there()
    {
        Assert.SkipWhen(IsUnified, "reads files of version 1");

        Say(
            "run", "--detach", "--memory-limit", "67108864", "--cpu-period", "100000", "--cpu-quota", "50000", Containerd.Image, "c",
            "sleep", "100");

        Assert.Equal("67108864", containerd.ReadGroup("memory", "c", "memory.limit_in_bytes"));
        Assert.Equal("50000", containerd.ReadGroup("cpu", "c", "cpu.cfs_quota_us"));
        Assert.Matches(@"memory\.limit_in_bytes +67108864", Say("task", "metrics", "c"));
        Assert.Matches(@"pids\.current +1\b", Say("task", "metrics", "c"));
    }

    [Fact]
    public void Namespace_of_another_task_is_joined()
    {
        Start("c", "sleep", "100");
        var pid = Say("task", "ls").Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

        var own = Say("task", "exec", "--exec-id", "e", "c", "readlink", "/proc/self/ns/net");
        var joined = Say(
            "run", "--rm", "--with-ns", $"network:/proc/{pid}/ns/net", Containerd.Image, "d", "readlink", "/proc/self/ns/net");

        Assert.Equal(own, joined);
    }

    private void Start(string id, params string[] command) => Say(["run", "--detach", Containerd.Image, id, .. command]);
}

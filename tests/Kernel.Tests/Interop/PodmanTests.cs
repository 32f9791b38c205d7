using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>The launcher as the runtime of podman.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class PodmanTests(TestHost host, Podman podman) : PeerTest(host, podman), IClassFixture<Podman>
{
    [Fact]
    public void Output_and_code_are_the_commands()
    {
        var result = Do("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7");

        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("no-such-command", 127)]
    [InlineData("/etc/passwd", 126)]
    public void Command_that_cannot_run_has_the_usual_code(string command, int expected)
    {
        Say("run", "--detach", "--name", "c", "busybox", "sleep", "100");

        Assert.Equal(expected, Do("run", "--rm", "busybox", command).ExitCode);
        Assert.Equal(expected, Do("exec", "c", command).ExitCode);
    }

    [Fact]
    public void Commands_have_the_terminal_and_its_size()
    {
        Say("run", "--detach", "--name", "c", "busybox", "sleep", "100");

        Assert.Equal("/dev/pts/0\n31 77", SayOnTerminal("run", "--rm", "--tty", "busybox", "sh", "-c", "tty; stty size"));
        Assert.Equal("/dev/pts/0\n31 77", SayOnTerminal("exec", "--tty", "c", "sh", "-c", "tty; stty size"));
    }

    [Fact]
    public void Limits_are_in_the_control_group()
    {
        Assert.SkipWhen(IsUnified, "reads files of version 1");

        var id = Say(
            "run", "--detach", "--memory", "64m", "--cpus", "0.5", "--pids-limit", "50", "--cpu-shares", "300", "busybox", "sleep", "100");

        Assert.Equal("67108864", podman.ReadGroup("memory", id, "memory.limit_in_bytes"));
        Assert.Equal("50000", podman.ReadGroup("cpu", id, "cpu.cfs_quota_us"));
        Assert.Equal("300", podman.ReadGroup("cpu", id, "cpu.shares"));
        Assert.Equal("50", podman.ReadGroup("pids", id, "pids.max"));
    }

    [Fact]
    public void Command_in_a_running_container_is_the_one_asked_for()
    {
        Say("run", "--detach", "--name", "c", "busybox", "sleep", "100");

        var said = Say("exec", "--user", "alice", "--workdir", "/etc", "--env", "A=b", "c", "sh", "-c", "echo $PWD $A $(id -u)");
        Assert.Equal("/etc b 1000", said);
        Assert.Equal(9, Do("exec", "c", "sh", "-c", "exit 9").ExitCode);
        Assert.Equal("sleep 100", Say("exec", "c", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline").Trim());
    }

    [Fact]
    public void Paused_container_stands_still_until_it_goes_on()
    {
        var folder = Directory.CreateDirectory(Path.Join(Host.Scratch, "ticks")).FullName;
        var ticks = new FileInfo(Path.Join(folder, "ticks"));
        Say(
            "run", "--detach", "--name", "c", "--volume", $"{folder}:/v", "busybox",
            "sh", "-c", "while echo x >> /v/ticks; do sleep 0.02; done");

        Say("pause", "c");
        var before = Length();
        Thread.Sleep(100);
        Assert.Equal(before, Length());
        Assert.Equal("paused", Say("container", "inspect", "--format", "{{.State.Status}}", "c"));

        Say("unpause", "c");
        WaitUntil(() => Length() > before, "the container does not go on");

        long Length()
        {
            ticks.Refresh();
            return ticks.Exists ? ticks.Length : 0;
        }
    }

    [Fact]
    public void Signals_reach_the_command_and_its_code_is_kept()
    {
        Say("run", "--detach", "--name", "c", "busybox", "sh", "-c", "trap 'exit 3' USR1; touch /tmp/ready; while :; do sleep 0.05; done");
        WaitUntil(() => Do("exec", "c", "test", "-e", "/tmp/ready").ExitCode == 0, "the command did not come up");

        Say("kill", "--signal", "USR1", "c");

        Assert.Equal("3", Say("wait", "c"));
        Say("start", "c");
        Say("stop", "--time", "0", "c");
        Assert.Equal("137", Say("wait", "c"));
    }

    [Fact]
    public void Created_container_is_started_and_attached_to()
    {
        Say("create", "--name", "c", "busybox", "sh", "-c", "echo attached; exit 5");

        var result = Do("start", "--attach", "c");

        Assert.Equal((5, "attached\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void User_owns_its_output_and_no_more() => Assert.Equal(
        "out\n1000",
        Say("run", "--rm", "--user", "alice", "busybox", "sh", "-c", "echo out > /dev/stdout; id -u; touch /etc/x 2> /dev/null"
            + " && echo written; true"));

    [Fact]
    public void Read_only_container_has_a_temporary_file_system_to_write_to() => Assert.Equal(
        "ro", Say("run", "--rm", "--read-only", "busybox", "sh", "-c", "touch /x 2> /dev/null || { touch /tmp/x && echo ro; }"));

    [Fact]
    public void Volumes_and_temporary_file_systems_are_mounted()
    {
        var folder = Directory.CreateDirectory(Path.Join(Host.Scratch, "volume")).FullName;
        File.WriteAllText(Path.Join(folder, "file"), "content\n");

        var output = Say(
            "run", "--rm", "--volume", $"{folder}:/v:ro", "--tmpfs", "/etc:size=1m", "busybox",
            "sh", "-c", "cat /v/file; touch /v/x 2> /dev/null; ls /v; ls /etc/passwd; df -k /etc | tail -n 1 | awk '{ print $2 }'");

        // What the image has there is copied into it.
        Assert.Equal("content\nfile\n/etc/passwd\n1024", output);
    }

    [Theory]
    [InlineData("--cap-drop=ALL", "0000000000000000")]
    [InlineData("--cap-drop=ALL --cap-add=CHOWN --cap-add=SYS_ADMIN", "0000000000200001")]
    public void Capabilities_are_the_ones_asked_for(string options, string expected) => Assert.Equal(
        $"CapEff:\t{expected}", Say(["run", "--rm", .. options.Split(' '), "busybox", "grep", "CapEff", "/proc/self/status"]));

    [Fact]
    public void User_namespace_maps_as_asked_for() => Assert.Equal(
        "0 100000 65536 0:0",
        Say("run", "--rm", "--uidmap", "0:100000:65536", "--gidmap", "0:100000:65536", "busybox",
            "sh", "-c", "echo $(cat /proc/self/uid_map) $(stat -c %u:%g /bin)"));

    [Fact]
    public void Namespaces_of_another_container_are_joined()
    {
        Say("run", "--detach", "--name", "c", "--ipc", "shareable", "--hostname", "first", "busybox", "sleep", "100");

        var output = Say(
            "run", "--rm", "--network", "container:c", "--pid", "container:c", "--ipc", "container:c", "--uts", "container:c", "busybox",
            "sh", "-c", "hostname; tr '\\0' ' ' < /proc/1/cmdline");

        Assert.Equal("first\nsleep 100", output.Trim());
    }

    [Fact]
    public void Members_of_a_pod_are_in_the_namespaces_of_its_first_container()
    {
        Say("pod", "create", "--name", "p", "--hostname", "of-the-pod", "--share", "net,ipc,uts");
        Say("run", "--detach", "--pod", "p", "--name", "one", "busybox", "sh", "-c", "echo shared > /dev/shm/x; exec sleep 100");
        var first = Say("pod", "inspect", "--format", "{{.InfraContainerID}}", "p");
        var holder = Say("container", "inspect", "--format", "{{.State.Pid}}", first);
        string[] shared = ["net", "ipc", "uts"];
        const string script = "for n in net ipc uts pid mnt; do readlink /proc/self/ns/$n; done; hostname; cat /dev/shm/x";
        WaitUntil(() => Do("exec", "one", "test", "-s", "/dev/shm/x").ExitCode == 0, "the first member did not come up");

        var inside = Say("run", "--rm", "--pod", "p", "busybox", "sh", "-c", script).Split('\n');

        Assert.Equal(shared.Select(name => new FileInfo($"/proc/{holder}/ns/{name}").LinkTarget), inside[..3]);
        Assert.DoesNotContain(new FileInfo($"/proc/{holder}/ns/pid").LinkTarget, inside);
        Assert.DoesNotContain(new FileInfo($"/proc/{holder}/ns/mnt").LinkTarget, inside);
        Assert.Equal(["of-the-pod", "shared"], inside[5..]);
        Assert.Equal(inside[..3], Say("exec", "one", "sh", "-c", script).Split('\n')[..3]);
    }

    [Fact]
    public void Pod_is_stopped_started_and_paused_as_one()
    {
        Say("pod", "create", "--name", "p");
        Say("run", "--detach", "--pod", "p", "--name", "one", "busybox", "sleep", "100");

        Say("pod", "pause", "p");
        Assert.Equal("paused", Status());
        Say("pod", "unpause", "p");
        Assert.Equal("running", Status());
        Say("pod", "stop", "--time", "0", "p");
        Assert.Equal("exited", Status());
        Say("pod", "start", "p");
        Assert.Equal("running", Status());
        Assert.Equal("alive", Say("exec", "one", "echo", "alive"));

        string Status() => Say("container", "inspect", "--format", "{{.State.Status}}", "one");
    }

    [Fact]
    public void Init_reaps_and_the_command_is_its_child()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/catatonit"), "needs /usr/bin/catatonit (Debian package catatonit)");

        Assert.Equal("2", Say("run", "--rm", "--init", "busybox", "sh", "-c", "echo $$"));
    }

    [Fact]
    public void Ten_at_once_all_run()
    {
        var results = Enumerable.Range(0, 10).AsParallel().WithDegreeOfParallelism(10)
            .Select(n => Do("run", "--rm", "busybox", "echo", $"{n}").Output.Trim()).Order(StringComparer.Ordinal);

        Assert.Equal("0123456789", string.Concat(results));
    }
}

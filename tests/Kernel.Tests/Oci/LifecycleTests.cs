using System.Globalization;
using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class LifecycleTests(TestHost host) : OciTest(host)
{
    [Fact]
    public void Created_container_waits_until_it_is_started_and_stays_until_it_is_deleted()
    {
        Bundle.Script("echo ran > /tmp/ran; read x < /tmp/go");
        HostCommand.Run("/usr/bin/mkfifo", Path.Join(Bundle.RootPath, "tmp/go")).Text();

        Bundle.Create().Text();
        Assert.Equal("created", Bundle.Status());
        var pid = Bundle.Pid();
        Assert.Equal("psc-runtime", File.ReadAllText($"/proc/{pid}/comm").Trim());
        Assert.False(File.Exists(Path.Join(Bundle.RootPath, "tmp/ran")));

        Bundle.Runtime("start", OciBundle.Id).Text();
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/ran"));
        Assert.Equal("running", Bundle.Status());
        Assert.Equal(pid, Bundle.Pid());

        File.WriteAllText(Path.Join(Bundle.RootPath, "tmp/go"), "\n");
        WaitForStatus("stopped");
        Assert.Equal(0, Bundle.Pid());

        Bundle.Runtime("delete", OciBundle.Id).Text();
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Id_in_use_is_refused_and_its_container_left_alone()
    {
        Bundle.Create().Text();

        Assert.Contains("one already exists", Refused(Bundle.Create()), StringComparison.Ordinal);
        Assert.Contains("one already exists", Refused(Bundle.Run()), StringComparison.Ordinal);

        Assert.Equal("created", Bundle.Status());
    }

    [Theory]
    [InlineData("state")]
    [InlineData("start")]
    [InlineData("kill")]
    [InlineData("delete")]
    public void Unknown_container_is_named(string command)
    {
        var error = Refused(Bundle.Runtime(command, "nobody"));

        Assert.Contains("nobody", error, StringComparison.Ordinal);
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../one")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Impossible_id_is_refused_by_every_command(string id)
    {
        Bundle.Write("x");
        foreach (var command in new[] { "state", "start", "kill", "delete" })
        {
            Refused(Bundle.Runtime(command, id));
        }

        Refused(Bundle.Runtime("create", "--bundle", Bundle.Folder, id));
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Container_is_started_once()
    {
        Bundle.Create().Text();
        Bundle.Runtime("start", OciBundle.Id).Text();

        Assert.Contains("one", Refused(Bundle.Runtime("start", OciBundle.Id)), StringComparison.Ordinal);

        Assert.Equal("running", Bundle.Status());
    }

    [Fact]
    public void Of_many_starts_at_a_time_just_one_succeeds()
    {
        Bundle.Script("echo x >> /tmp/runs; sleep 1000");
        Bundle.Create().Text();

        var calls = Enumerable.Range(0, 8).Select(_ => Bundle.StartRuntime([], "start", OciBundle.Id)).ToList();
        var results = calls.Select(OciBundle.Finish).ToList();

        Assert.Single(results, result => result.ExitCode == 0);
        Assert.All(results.Where(result => result.ExitCode != 0), result => Refused(result));
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/runs"));
        Assert.Equal("x\n", File.ReadAllText(Path.Join(Bundle.RootPath, "tmp/runs")));
    }

    [Fact]
    public void Of_many_creations_of_one_id_just_one_succeeds()
    {
        Bundle.Write(OciBundle.Id);

        var calls = Enumerable.Range(0, 6).Select(_ => Bundle.StartRuntime([], "create", "--bundle", Bundle.Folder, OciBundle.Id)).ToList();
        var results = calls.Select(OciBundle.Finish).ToList();

        Assert.Single(results, result => result.ExitCode == 0);
        Assert.Equal("created", Bundle.Status());
    }

    [Fact]
    public void Running_container_is_deleted_by_force_only()
    {
        var pid = Bundle.StartDetached();

        Assert.Contains("running", Refused(Bundle.Runtime("delete", OciBundle.Id)), StringComparison.Ordinal);
        Assert.Equal("running", Bundle.Status());

        Bundle.Runtime("delete", "--force", OciBundle.Id).Text();
        Assert.Empty(Bundle.Ids());
        Assert.False(IsAlive(pid));
    }

    [Fact]
    public void Created_container_is_deleted_without_force()
    {
        Bundle.Create().Text();
        var pid = Bundle.Pid();

        Bundle.Runtime("delete", OciBundle.Id).Text();

        Assert.Empty(Bundle.Ids());
        Assert.False(IsAlive(pid));
    }

    [Fact]
    public void Deletion_by_force_of_an_unknown_container_is_fine() => Bundle.Runtime("delete", "--force", "nobody").Text();

    [Fact]
    public void Deletions_at_a_time_leave_nothing()
    {
        Bundle.StartDetached();

        var calls = Enumerable.Range(0, 4).Select(_ => Bundle.StartRuntime([], "delete", "--force", OciBundle.Id)).ToList();
        var results = calls.Select(OciBundle.Finish).ToList();

        Assert.Contains(results, result => result.ExitCode == 0);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Deletion_does_not_wait_for_ever_for_a_strangers_process_in_a_group_below()
    {
        var pid = Bundle.StartDetached();
        var name = File.ReadLines($"/proc/{pid}/cgroup").Single(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        var group = (IsUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified") + name;
        var below = Directory.CreateDirectory(Path.Join(group, "below/further")).FullName;
        using var stranger = HostCommand.Start("/bin/sleep", ["100"]);
        try
        {
            File.WriteAllText(Path.Join(below, "cgroup.procs"), stranger.Id.ToString(CultureInfo.InvariantCulture));
            Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();
            WaitUntil(() => Bundle.Status() == "stopped", "it does not end");

            Bundle.Runtime("delete", OciBundle.Id).Text();

            Assert.Empty(Bundle.Ids());
        }
        finally
        {
            stranger.Kill();
            stranger.WaitForExit();
            string[] groups = [below, Path.GetDirectoryName(below)!, group];
            WaitUntil(() => groups.All(IsRemoved), "the groups stay");
        }
    }

    private static bool IsRemoved(string group)
    {
        try
        {
            Directory.Delete(group);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (IOException)
        {
            return false;
        }

        return true;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Container_that_forks_without_end_is_deleted(bool hasPidNamespace)
    {
        Bundle.Linux["resources"]!["pids"] = new JsonObject { ["limit"] = 1000 };
        File.WriteAllText(Path.Join(Bundle.RootPath, "tmp/chain"), "sh /tmp/chain & exec sleep 0.05");
        Bundle.Namespace("pid", isWanted: hasPidNamespace).Script("for i in 1 2 3 4 5; do sh /tmp/chain & done; exec sleep 1000");
        Bundle.StartDetached();

        // Long enough for the processes of the beginning to have ended: what is killed was forked by what was forked.
        Thread.Sleep(500);

        Bundle.Runtime("delete", "--force", OciBundle.Id).Text();

        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Pid_file_holds_the_number_and_nothing_else()
    {
        Bundle.Create("--pid-file", Bundle.In("pid")).Text();

        Assert.Equal(Bundle.Pid().ToString(CultureInfo.InvariantCulture), File.ReadAllText(Bundle.In("pid")));
    }

    [Fact]
    public void Pid_file_that_cannot_be_written_fails_the_creation()
    {
        Assert.Contains("pid file", Refused(Bundle.Create("--pid-file", "/proc/no/such")), StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void First_process_becomes_the_child_of_the_callers_subreaper_and_its_code_is_collected_there()
    {
        Bundle.Script("exit 9");
        Bundle.Write(OciBundle.Id);
        var runtime = $"{Repository.Launcher} --root {Bundle.State}";
        var script = $"{runtime} create -b {Bundle.Folder} --pid-file {Bundle.In("pid")} one && {runtime} start one";

        var reaped = HostCommand.Run(Path.Join(Host.BusyboxRoot, "bin/probe-subreaper"), "/bin/sh", "-c", script).Text();

        Assert.Equal($"{File.ReadAllText(Bundle.In("pid"))} 9", reaped);
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGUSR1", 10)]
    [InlineData("usr2", 12)]
    [InlineData("1", 1)]
    [InlineData("RTMIN+3", 37)]
    public void Signal_is_sent_by_name_and_number(string name, int number)
    {
        Bundle.Script(
            $"trap 'echo got > /tmp/got; exit' {number}; trap : {(number == 1 ? 2 : 1)}; echo > /tmp/up; while :; do sleep 0.02; done");
        Bundle.StartDetached();
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/up"));

        Bundle.Runtime("kill", OciBundle.Id, name).Text();

        Assert.Equal("got\n", WaitForFile(Path.Join(Bundle.RootPath, "tmp/got")));
        WaitForStatus("stopped");
    }

    [Fact]
    public void Signal_to_all_reaches_every_process()
    {
        Bundle.Namespace("pid", isWanted: false).Script("sleep 1000 & sleep 1000 & echo > /tmp/up; wait");
        Bundle.StartDetached();
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/up"));
        var processes = Processes();
        Assert.Equal(3, processes.Length);

        Bundle.Runtime("kill", "--all", OciBundle.Id, "KILL").Text();

        WaitUntil(() => !processes.Any(IsAlive), "a process lives on");
        Bundle.Runtime("delete", OciBundle.Id).Text();
    }

    [Fact]
    public void What_outlives_the_first_process_in_a_shared_pid_namespace_goes_with_the_container()
    {
        Bundle.Namespace("pid", isWanted: false).Script("setsid sleep 1000 & echo > /tmp/up; read x < /tmp/go");
        HostCommand.Run("/usr/bin/mkfifo", Path.Join(Bundle.RootPath, "tmp/go")).Text();
        Bundle.StartDetached();
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/up"));
        var processes = Processes();
        File.WriteAllText(Path.Join(Bundle.RootPath, "tmp/go"), "\n");
        WaitForStatus("stopped");
        Assert.Contains(processes, IsAlive);

        Bundle.Runtime("delete", "--force", OciBundle.Id).Text();

        Assert.DoesNotContain(processes, IsAlive);
    }

    [Fact]
    public void Signal_to_one_that_has_ended_says_that_it_is_not_running()
    {
        Bundle.Command("true").StartDetached();
        WaitForStatus("stopped");

        Assert.Contains("container not running", Refused(Bundle.Runtime("kill", OciBundle.Id, "TERM")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NONSENSE")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("RTMIN+40")]
    public void Signal_that_is_none_is_named(string signal)
    {
        Bundle.StartDetached();

        Assert.Contains(signal, Refused(Bundle.Runtime("kill", OciBundle.Id, signal)), StringComparison.Ordinal);
    }

    [Fact]
    public void State_tells_what_the_specification_asks_for()
    {
        Bundle.Config["annotations"] = new System.Text.Json.Nodes.JsonObject { ["org.example.\"x\""] = "y\n\\" };
        Bundle.Create().Text();

        var state = Bundle.ReadState();

        Assert.Equal("1.3.0", (string)state["ociVersion"]!);
        Assert.Equal("one", (string)state["id"]!);
        Assert.Equal("created", (string)state["status"]!);
        Assert.Equal(Bundle.Folder, (string)state["bundle"]!);
        Assert.Equal(Bundle.RootPath, (string)state["rootfs"]!);
        Assert.Equal("y\n\\", (string)state["annotations"]!["org.example.\"x\""]!);
        Assert.InRange((DateTimeOffset)state["created"]!, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    private static int[] Processes() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(path => path[6..])
            .Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture))
            .Where(pid => Read($"/proc/{pid}/cgroup").Contains("/pscontainers/oci-", StringComparison.Ordinal) && IsAlive(pid)),
    ];

    private static bool IsAlive(int pid) => Read($"/proc/{pid}/stat") is { Length: > 0 } stat && stat[stat.LastIndexOf(')') + 2] != 'Z';

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}

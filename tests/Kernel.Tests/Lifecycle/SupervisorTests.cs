using PsContainers.Kernel.Tests.Harness;
using PsContainers.Runtime.Launch;

namespace PsContainers.Kernel.Tests.Lifecycle;

public sealed class SupervisorTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Killed_supervisor_takes_its_container_along_and_the_next_command_says_so()
    {
        var container = Start("sleep 1000 & exec sleep 1000");

        Kill(SupervisorOf(container));
        var seen = Services.GetContainer.Execute(container.Id);

        Assert.Equal((ContainerStatus.Stopped, 137), (seen.Status, seen.ExitCode));
        Assert.Contains("supervisor", seen.Error, StringComparison.Ordinal);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Container_whose_supervisor_was_killed_starts_again()
    {
        var container = Start("echo up; exec sleep 1000");
        WaitForLine(container, "up");
        Kill(SupervisorOf(container));

        var again = Services.StartContainer.Execute(container.Id);

        Assert.Equal(ContainerStatus.Running, again.Status);
        Assert.NotEqual(container.ProcessId, again.ProcessId);
        Services.RemoveContainer.Execute(container.Id, force: true);
    }

    [Fact]
    public void Waiting_ends_when_the_supervisor_is_killed()
    {
        var container = Start("exec sleep 1000");
        var supervisor = SupervisorOf(container);
        using var killer = new Timer(_ => Kill(supervisor), null, TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan);

        var ended = Wait(container);

        Assert.Equal(137, ended.ExitCode);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Foreground_run_ends_when_the_supervisor_is_killed()
    {
        var outcome = Services.RunContainer.Execute(
            Creation(["sh", "-c", "echo up; exec sleep 1000"]),
            _ => Kill(SupervisorOf(Assert.Single(Services.GetContainers.Execute()))));

        Assert.Equal(137, outcome.ExitCode);
        Assert.Empty(Services.GetContainers.Execute());
    }

    // A paused pipeline or terminal: what it has not fetched yet must not hold back the end that all others wait for.
    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Reader_that_stands_still_keeps_nobody_from_ending_the_container()
    {
        using var shell = Shell.Start(Host, "Invoke-Container busybox -Name front -Command yes | ForEach-Object { Start-Sleep 60 }");
        WaitUntil(
            () => Services.GetContainers.Execute().Any(container => container is { Name: "front", Status: ContainerStatus.Running }),
            "it was not started");
        Thread.Sleep(300);

        var ended = Services.StopContainer.Execute("front", TimeSpan.Zero);

        Assert.Equal((ContainerStatus.Stopped, 137), (ended.Status, ended.ExitCode));
        Assert.False(shell.HasExited, "the reader has gone before");
        shell.Kill();
        shell.WaitForExit();
        Services.RemoveContainer.Execute("front");
    }

    [Fact]
    public void Slow_reader_gets_every_line_though_the_container_has_ended()
    {
        var lines = new List<string>();

        var run = Services.RunContainer.Execute(Creation(["seq", "20000"]), line =>
        {
            lines.Add(line.Text);
            Thread.Sleep(lines.Count % 4000 == 1 ? 100 : 0);
        });

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Enumerable.Range(1, 20000).Select(number => $"{number}"), lines);
    }

    [Fact]
    public void Supervisor_has_one_thread()
    {
        var container = Start("exec sleep 1000");

        Assert.Single(Directory.GetDirectories($"/proc/{SupervisorOf(container)}/task"));

        Services.RemoveContainer.Execute(container.Id, force: true);
    }

    [Fact]
    public void Supervisor_asked_to_end_passes_it_on()
    {
        var container = Start("trap 'exit 9' TERM; echo up; while :; do sleep 0.05; done");
        WaitForLine(container, "up");

        HostProcess.Signal(SupervisorOf(container), HostProcess.Terminate);

        Assert.Equal(9, Wait(container).ExitCode);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Container_that_cannot_be_cleared_away_hides_no_other()
    {
        var other = Start("exec sleep 1000");
        var stuck = Start("exec sleep 1000");
        var held = Directory.CreateDirectory(Path.Join(Host.Paths.RunDirectory(stuck.Id), "held")).FullName;
        HostCommand.Run("/bin/mount", "-t", "tmpfs", "tmpfs", held).Text();
        Kill(SupervisorOf(stuck));

        var seen = Services.GetContainers.Execute();
        HostCommand.Run("/bin/umount", held).Text();

        Assert.Equal(ContainerStatus.Running, seen.Single(container => container.Id == other.Id).Status);
        var left = seen.Single(container => container.Id == stuck.Id);
        Assert.Equal((ContainerStatus.Stopped, 137), (left.Status, left.ExitCode));
        Assert.Contains("held", left.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("held", Services.GetContainer.Execute(stuck.Id).Error ?? "", StringComparison.Ordinal);
        Services.RemoveContainer.Execute(stuck.Id);
        Services.RemoveContainer.Execute(other.Id, force: true);
    }

    private int SupervisorOf(Container container) => RunState.Read(Host.Paths.RunDirectory(container.Id))!.SupervisorPid;

    [Fact]
    public void Container_that_a_reboot_ended_is_known_to_be_stopped_and_starts_again()
    {
        var container = Start("echo up; exec sleep 1000");
        WaitForLine(container, "up");

        // What a reboot does: no process, and an empty run directory.
        Kill(SupervisorOf(container));
        Directory.Delete(Host.Paths.RunDirectory(container.Id), recursive: true);
        var seen = Services.GetContainer.Execute(container.Id);
        var again = Services.StartContainer.Execute(container.Id);

        Assert.Equal((ContainerStatus.Stopped, 137), (seen.Status, seen.ExitCode));
        Assert.Equal(ContainerStatus.Running, again.Status);
        Services.RemoveContainer.Execute(container.Id, force: true);
    }

    // The signal is on its way when kill(1) returns; what is left of the process then is its entry, until somebody reaps it.
    private static void Kill(int pid)
    {
        HostProcess.Signal(pid, HostProcess.Kill);
        WaitUntil(() => !File.Exists($"/proc/{pid}/exe"), $"process {pid} did not die");
    }
}

using System.Globalization;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Lifecycle;

public sealed class SuspensionTests(TestHost host) : KernelTest(host)
{
    private const string Ticking = "trap 'echo heard; exit 7' USR1; i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done";

    [Fact]
    public void Suspended_container_stands_still_and_goes_on_where_it_was()
    {
        var container = Start(Ticking);
        WaitForLine(container, "3");

        Assert.Equal(ContainerStatus.Paused, Services.SuspendContainer.Execute(container.Id).Status);
        Thread.Sleep(100);
        var before = Log(container).Count;
        Thread.Sleep(500);

        Assert.Equal(before, Log(container).Count);
        Assert.Equal(ContainerStatus.Paused, Services.GetContainer.Execute(container.Id).Status);
        Assert.NotNull(Services.GetContainer.Execute(container.Id).ProcessId);

        Assert.Equal(ContainerStatus.Running, Services.ResumeContainer.Execute(container.Id).Status);
        WaitForLine(container, (before + 5).ToString(CultureInfo.InvariantCulture));
        Remove(container);
    }

    [Fact]
    public void Done_twice_both_are_done_once()
    {
        var container = Start(Ticking);

        Services.SuspendContainer.Execute(container.Id);
        Assert.Equal(ContainerStatus.Paused, Services.SuspendContainer.Execute(container.Id).Status);
        Services.ResumeContainer.Execute(container.Id);
        Assert.Equal(ContainerStatus.Running, Services.ResumeContainer.Execute(container.Id).Status);
        Remove(container);
    }

    [Fact]
    public void Paused_container_is_neither_started_nor_removed_without_force()
    {
        var container = Start(Ticking);
        Services.SuspendContainer.Execute(container.Id);

        Assert.Equal("ContainerPaused", Refusal(() => Services.StartContainer.Execute(container.Id)));
        Assert.Equal("ContainerPaused", Refusal(() => Services.RemoveContainer.Execute(container.Id)));
        Remove(container);
        Assert.Equal("ContainerNotFound", Refusal(() => Services.GetContainer.Execute(container.Id)));
    }

    [Fact]
    public void Only_a_container_that_runs_is_suspended_resumed_or_signalled()
    {
        var container = Start("exit 0");
        Wait(container);

        Assert.Equal("ContainerNotRunning", Refusal(() => Services.SuspendContainer.Execute(container.Id)));
        Assert.Equal("ContainerNotRunning", Refusal(() => Services.ResumeContainer.Execute(container.Id)));
        Assert.Equal("ContainerNotRunning", Refusal(() => Services.SignalContainer.Execute(container.Id, "KILL")));
        Assert.Equal("InvalidSignal", Refusal(() => Services.SignalContainer.Execute(container.Id, "NOISE")));
    }

    [Fact]
    public void Paused_container_is_stopped_by_its_signal()
    {
        var container = Start(Ticking, creation => creation with { StopSignal = "USR1" });
        WaitForLine(container, "3");
        Services.SuspendContainer.Execute(container.Id);

        var stopped = Services.StopContainer.Execute(container.Id, TimeSpan.FromSeconds(30));

        Assert.Equal((ContainerStatus.Stopped, 7), (stopped.Status, stopped.ExitCode));
        Assert.Contains("heard", Log(container));
    }

    [Fact]
    public void Paused_container_is_killed_at_once()
    {
        var container = Start(Ticking);
        Services.SuspendContainer.Execute(container.Id);

        Services.SignalContainer.Execute(container.Id, "SIGKILL");

        Assert.Equal(137, Wait(container).ExitCode);
    }

    [Fact]
    public void Signal_for_a_paused_container_is_delivered_when_it_goes_on()
    {
        var container = Start(Ticking);
        WaitForLine(container, "3");
        Services.SuspendContainer.Execute(container.Id);

        Assert.Equal(ContainerStatus.Paused, Services.SignalContainer.Execute(container.Id, "10").Status);
        Assert.DoesNotContain("heard", Log(container));
        Services.ResumeContainer.Execute(container.Id);

        Assert.Equal(7, Wait(container).ExitCode);
    }

    [Fact]
    public void Process_made_by_many_others_stands_still_too()
    {
        var container = Start("for i in 1 2 3 4; do (while :; do (:); done) & done; while :; do sleep 0.01; echo x; done");
        WaitForLine(container, "x");

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ContainerStatus.Paused, Services.SuspendContainer.Execute(container.Id).Status);
            Assert.Equal(ContainerStatus.Running, Services.ResumeContainer.Execute(container.Id).Status);
        }

        Remove(container);
    }

    private void Remove(Container container) => Services.RemoveContainer.Execute(container.Id, force: true);

    private static string Refusal(Action act) => Assert.Throws<ContainerEngineException>(act).ErrorId;
}

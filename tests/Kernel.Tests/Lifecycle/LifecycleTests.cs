using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Lifecycle;

public sealed class LifecycleTests(TestHost host) : KernelTest(host)
{
    private const string EndsOnRequest = "trap 'echo asked; exit 5' TERM; echo up; while :; do sleep 0.05; done";
    private const string NeverEnds = "trap '' TERM; echo up; while :; do sleep 0.05; done";

    [Fact]
    public void Container_goes_from_created_to_running_to_stopped()
    {
        var created = Services.CreateContainer.Execute(
            Creation(["sleep", "1000"], creation => creation with { RemoveOnExit = false, Name = "steps" }));
        var running = Services.StartContainer.Execute("steps");
        var stopped = Services.StopContainer.Execute("steps", TimeSpan.Zero);
        Services.RemoveContainer.Execute("steps");

        Assert.Equal(
            (ContainerStatus.Created, ContainerStatus.Running, ContainerStatus.Stopped),
            (created.Status, running.Status, stopped.Status));
        Assert.Equal((null, null, 137), (created.ProcessId, stopped.ProcessId, stopped.ExitCode));
        Assert.InRange(stopped.Finished!.Value, running.Started!.Value, DateTime.Now.AddSeconds(1));
        Assert.Equal("ContainerNotFound", Assert.Throws<ContainerEngineException>(() => Services.GetContainer.Execute("steps")).ErrorId);
    }

    [Fact]
    public void Stop_asks_first()
    {
        var container = Start(EndsOnRequest);
        WaitForLine(container, "up");

        var stopped = Services.StopContainer.Execute(container.Id);

        Assert.Equal(5, stopped.ExitCode);
        Assert.Equal(["up", "asked"], Log(container));
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Stop_kills_when_the_time_is_up()
    {
        var container = Start(NeverEnds);
        WaitForLine(container, "up");

        var stopped = Services.StopContainer.Execute(container.Id, TimeSpan.FromMilliseconds(300));

        Assert.Equal(137, stopped.ExitCode);
        Assert.False(stopped.OutOfMemory);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Running_container_cannot_be_removed_but_by_force()
    {
        var container = Start("sleep 1000");

        var error = Assert.Throws<ContainerEngineException>(() => Services.RemoveContainer.Execute(container.Id));
        Services.RemoveContainer.Execute(container.Id, force: true);

        Assert.Equal("ContainerRunning", error.ErrorId);
        Assert.DoesNotContain(Services.GetContainers.Execute(), other => other.Id == container.Id);
    }

    [Fact]
    public void Start_and_stop_of_what_is_so_already_do_nothing()
    {
        var container = Start("sleep 1000");

        var again = Services.StartContainer.Execute(container.Id);
        Services.StopContainer.Execute(container.Id, TimeSpan.Zero);
        var stopped = Services.StopContainer.Execute(container.Id, TimeSpan.Zero);

        Assert.Equal(container.ProcessId, again.ProcessId);
        Assert.Equal(ContainerStatus.Stopped, stopped.Status);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Wait_gives_up_in_time()
    {
        var container = Start("sleep 1000");

        var error = Assert.Throws<ContainerEngineException>(
            () => Services.WaitContainer.Execute(container.Id, TimeSpan.FromMilliseconds(100)));

        Assert.Equal(("WaitTimeout", EngineErrorKind.Timeout), (error.ErrorId, error.Kind));
        Services.RemoveContainer.Execute(container.Id, force: true);
    }

    [Fact]
    public void Name_in_use_is_refused()
    {
        var container = Services.CreateContainer.Execute(
            Creation(["true"], creation => creation with { Name = "taken", RemoveOnExit = false }));

        var error = Assert.Throws<ContainerEngineException>(() => Run("true", creation => creation with { Name = "taken" }));

        Assert.Equal(("ContainerNameInUse", EngineErrorKind.AlreadyExists), (error.ErrorId, error.Kind));
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Container_that_removes_itself_is_gone_when_it_ends()
    {
        var created = Services.CreateContainer.Execute(Creation(["sleep", "0.2"]));
        Services.StartContainer.Execute(created.Id);

        Services.WaitContainer.Execute(created.Id);

        Assert.DoesNotContain(Services.GetContainers.Execute(), other => other.Id == created.Id);
    }

    [Fact]
    public void Cancelled_run_ends_its_container()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Services.RunContainer.Execute(
            Creation(["sh", "-c", EndsOnRequest]), _ => cancellation.Cancel(), cancellation.Token));

        Assert.Empty(Services.GetContainers.Execute());
    }

    [Fact]
    public void Failing_consumer_of_the_output_ends_the_container()
    {
        Assert.Throws<InvalidDataException>(() => Services.RunContainer.Execute(
            Creation(["sh", "-c", EndsOnRequest]), _ => throw new InvalidDataException()));

        Assert.Empty(Services.GetContainers.Execute());
    }

    [Fact]
    public void Image_in_use_cannot_be_removed()
    {
        var image = Services.ImportImage.Execute(new ImageImport { Path = Host.BusyboxRoot, RootFileSystem = true, Name = "used" })[0];
        var container = Start("sleep 1000", creation => creation with { Image = "used" });

        var error = Assert.Throws<ContainerEngineException>(() => Services.RemoveImage.Execute(image.Id, force: true));

        Assert.Equal(("ImageInUse", EngineErrorKind.InUse), (error.ErrorId, error.Kind));
        Services.RemoveContainer.Execute(container.Id, force: true);
        Services.RemoveImage.Execute("used");
        Assert.Equal("still here", Say("echo still here"));
    }
}

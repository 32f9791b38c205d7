using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Processes;

public sealed class ExitCodeTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("sh -c 'kill -TERM $$'; exit $?", 143)]
    public void Code_of_the_command_is_the_containers(string script, int expected) => Assert.Equal(expected, Run(script).ExitCode);

    [Fact]
    public void Command_killed_from_the_host_is_137()
    {
        var container = Start("exec sleep 1000");

        HostProcess.Signal(container.ProcessId!.Value, HostProcess.Kill);

        var ended = Wait(container);
        Assert.Equal((137, ContainerStatus.Stopped, false), (ended.ExitCode, ended.Status, ended.OutOfMemory));
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void First_process_cannot_be_killed_from_inside() => Assert.Equal("alive", Say("kill -9 1; kill -TERM 1; echo alive"));

    [Theory]
    [InlineData("no-such-command")]
    [InlineData("/no/such/command")]
    [InlineData("/etc/passwd/command")]
    public void Missing_command_is_127(string command)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Run(Creation([command])));

        Assert.Equal((127, "CommandNotFound", EngineErrorKind.NotFound), (error.ExitCode, error.ErrorId, error.Kind));
        Assert.Contains(command, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/tmp")]
    public void Command_that_cannot_be_executed_is_126(string command)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Run(Creation([command])));

        Assert.Equal((126, "CommandNotExecutable", EngineErrorKind.PermissionDenied), (error.ExitCode, error.ErrorId, error.Kind));
        Assert.Contains(command, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_start_is_told_by_the_container_that_was_kept()
    {
        var container = Services.CreateContainer.Execute(Creation(["no-such-command"], creation => creation with { RemoveOnExit = false }));

        Assert.Throws<ContainerEngineException>(() => Services.StartContainer.Execute(container.Id));

        Assert.Contains("no-such-command", Services.GetContainer.Execute(container.Id).Error, StringComparison.Ordinal);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Orphans_end_with_the_first_process()
    {
        var container = Start("sleep 1000 & sleep 1000 & exit 7");

        Assert.Equal(7, Wait(container).ExitCode);
        Services.RemoveContainer.Execute(container.Id);
    }
}

using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Store;

public sealed class RunHomeTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly RunHome _home;

    public RunHomeTests()
    {
        _home = new RunHome(_sandbox.Database);
        _home.Claim(Paths("/run/one"));
        _sandbox.Images.Put(Sample.Image());
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Running_containers_are_looked_for_in_no_other_run_directory()
    {
        AddRunning();

        var error = Assert.Throws<ContainerEngineException>(() => _home.Claim(Paths("/run/two")));

        Assert.Equal("RunDirectoryDiffers", error.ErrorId);
        Assert.Contains("/run/one", error.Message, StringComparison.Ordinal);
        Assert.Contains("/run/two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_run_directory_is_claimed_again()
    {
        AddRunning();

        _home.Claim(Paths("/run/one"));
    }

    [Fact]
    public void Run_directory_may_move_while_nothing_runs()
    {
        _home.Claim(Paths("/run/two"));
        AddRunning();

        Assert.Throws<ContainerEngineException>(() => _home.Claim(Paths("/run/one")));
    }

    [Fact]
    public void Run_directory_may_move_with_a_reboot_that_ended_all_containers()
    {
        AddRunning();
        _sandbox.Database.Execute("UPDATE run_home SET boot = 'an earlier one'");

        _home.Claim(Paths("/run/two"));
    }

    private void AddRunning() => _sandbox.Containers.Insert(
        Sample.Container() with { Status = ContainerStatus.Running, Boot = HostBoot.Id, Started = Sample.Time });

    private EnginePaths Paths(string run) => _sandbox.Paths with { Run = run };
}

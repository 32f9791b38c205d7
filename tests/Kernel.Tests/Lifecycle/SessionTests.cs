using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Lifecycle;

/// <summary>Several shells on one engine.</summary>
public sealed class SessionTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Second_shell_sees_stops_and_removes_what_the_first_started()
    {
        var started = Shell.Run(Host, "(Start-Container -Image busybox -Name web -Command sleep,1000).Status").Text();
        var seen = Shell.Run(
            Host,
            "(Get-Container web).Status; Stop-Container web -Timeout 0; (Get-Container web).ExitCode; "
            + "Remove-Container web; @(Get-Container).Count").Text();

        Assert.Equal("Running", started);
        Assert.Equal("Running\n137\n0", seen);
    }

    [Fact]
    public void Foreground_run_prints_and_hands_over_the_code()
    {
        var result = Shell.Run(
            Host, "Invoke-Container busybox -Command sh,-c,'echo hello; echo bad >&2; exit 3' -Remove; exit $LASTEXITCODE");

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("hello", result.Output, StringComparison.Ordinal);
        Assert.Contains("bad", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoke-Container nothing -Command true -Remove", 125)]
    [InlineData("Invoke-Container busybox -Command /etc/passwd -Remove", 126)]
    [InlineData("Invoke-Container busybox -Command no-such-command -Remove", 127)]
    public void Failure_to_run_has_its_own_code(string command, int expected)
    {
        var result = Shell.Run(Host, $"{command} -ErrorAction SilentlyContinue; exit $LASTEXITCODE");

        Assert.Equal(expected, result.ExitCode);
    }

    [Fact]
    public void Two_shells_wait_for_the_same_container()
    {
        var container = Start("sleep 3; exit 4");

        var shells = Enumerable.Range(0, 2).Select(_ => Shell.Start(Host, $"(Wait-Container {container.Id}).ExitCode")).ToList();

        Assert.Equal(["4", "4"], shells.Select(shell => HostCommand.Finish(shell).Text()));
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Container_goes_on_when_the_shell_that_started_it_is_killed()
    {
        using var shell = Shell.Start(
            Host, "$null = Start-Container -Image busybox -Name survivor -Command sleep,1000; 'started'; Wait-Container survivor");
        WaitUntil(() => StatusOf("survivor") == ContainerStatus.Running, "it was not started");

        shell.Kill();
        shell.WaitForExit();

        Assert.Equal(ContainerStatus.Running, StatusOf("survivor"));
        Assert.Equal(137, Services.StopContainer.Execute("survivor", TimeSpan.Zero).ExitCode);
        Services.RemoveContainer.Execute("survivor");
    }

    [Fact]
    public void Shell_killed_while_it_runs_in_the_foreground_leaves_a_container_that_can_be_stopped()
    {
        using var shell = Shell.Start(
            Host, "Invoke-Container busybox -Name front -Command sh,-c,'while :; do echo line; sleep 0.1; done' -Remove");
        WaitUntil(() => ProcessOf("front") is not null, "it was not started");

        shell.Kill();
        shell.WaitForExit();
        Thread.Sleep(300);

        Assert.Equal(ContainerStatus.Running, StatusOf("front"));
        Services.StopContainer.Execute("front", TimeSpan.Zero);
        Assert.Null(StatusOf("front"));
    }

    [Fact]
    public void Container_that_ends_after_its_shell_was_killed_is_cleared_away_by_the_next_command()
    {
        using var shell = Shell.Start(Host, "Invoke-Container busybox -Name brief -Command sleep,2 -Remove");
        WaitUntil(() => ProcessOf("brief") is not null, "it was not started");

        shell.Kill();
        shell.WaitForExit();

        WaitUntil(() => StatusOf("brief") is null, "it is still there");
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Ten_shells_at_once_do_not_disturb_each_other()
    {
        var shells = Enumerable.Range(0, 10).Select(number => Shell.Start(Host, $$"""
            $c = Start-Container -Image busybox -Name shell{{number}} -Command sh,-c,'echo {{number}}; exit {{number}}'
            $code = (Wait-Container $c.Name).ExitCode
            $log = (Get-ContainerLog $c.Name).Text
            Remove-Container $c.Name
            $run = Invoke-Container busybox -Command echo,again{{number}} -Remove
            "$code $log $run"
            """)).ToList();

        var said = shells.Select(shell => HostCommand.Finish(shell, TimeSpan.FromMinutes(2)).Text()).ToList();

        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number} {number} again{number}"), said);
        Assert.Empty(Services.GetContainers.Execute());
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Only_one_of_several_shells_gets_a_name()
    {
        var shells = Enumerable.Range(0, 4).Select(_ => Shell.Start(
            Host,
            "$c = Start-Container -Image busybox -Name same -Command sleep,1000 -ErrorAction SilentlyContinue; "
            + "if ($c) { 'got it' }")).ToList();

        var said = shells.Select(shell => HostCommand.Finish(shell).Output.Trim()).ToList();

        Assert.Single(said, "got it");
        Assert.Equal(ContainerStatus.Running, StatusOf("same"));
        Services.RemoveContainer.Execute("same", force: true);
    }

    private int? ProcessOf(string name) => Services.GetContainers.Execute().FirstOrDefault(container => container.Name == name)?.ProcessId;

    private ContainerStatus? StatusOf(string name) =>
        Services.GetContainers.Execute().FirstOrDefault(container => container.Name == name)?.Status;
}

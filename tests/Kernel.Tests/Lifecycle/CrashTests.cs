using System.Globalization;
using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Lifecycle;

/// <summary>
/// Shells and supervisors that are killed at whatever moment: whoever comes next finds sense, and can clear all of it away.
/// </summary>
[Trait("Needs", OnlyOnHost)]
public sealed class CrashTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData("Invoke-Container busybox -Command sleep,0.05 -Remove")]
    [InlineData("$c = Start-Container -Image busybox -Command sleep,1000; Stop-Container $c.Id -Timeout 0; Remove-Container $c.Id")]
    public void Shell_killed_at_any_moment_leaves_nothing_that_cannot_be_removed(string command)
    {
        for (var i = 0; i < 12; i++)
        {
            using var shell = Shell.Start(Host, $"'ready'; {command}; {command}; {command}");
            shell.StandardOutput.ReadLine();
            Thread.Sleep(Random.Shared.Next(0, 120));
            shell.Kill();
            shell.WaitForExit();

            Assert.All(
                Services.GetContainers.Execute(),
                container => Assert.Equal(container.Status == ContainerStatus.Running, container.ProcessId is not null));
        }

        using (ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            Host.RemoveContainers();
        }

        Assert.Equal("works", Say("echo works"));
    }

    [Fact]
    public void Supervisor_killed_at_any_moment_of_a_start_leaves_nothing_that_cannot_be_removed()
    {
        using var end = new CancellationTokenSource();
        var killer = new Thread(() => KillSupervisors(end.Token));
        killer.Start();
        var failures = 0;
        try
        {
            for (var i = 0; i < 40; i++)
            {
                failures += StartAndRemove() ? 0 : 1;
            }
        }
        finally
        {
            end.Cancel();
            killer.Join();
        }

        using (ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            Host.RemoveContainers();
        }

        Assert.True(failures > 0, "no start was disturbed");
        Assert.Equal("works", Say("echo works"));
    }

    private bool StartAndRemove()
    {
        var created = Services.CreateContainer.Execute(Creation(["sleep", "1000"], creation => creation with { RemoveOnExit = false }));
        var isUndisturbed = true;
        try
        {
            isUndisturbed = Services.StartContainer.Execute(created.Id).Status == ContainerStatus.Running;
        }
        catch (ContainerEngineException e)
        {
            Assert.Equal("ContainerStartFailed", e.ErrorId);
            isUndisturbed = false;
        }

        Services.RemoveContainer.Execute(created.Id, force: true);
        return isUndisturbed;
    }

    private static void TryKill(int pid)
    {
        try
        {
            HostProcess.Signal(pid, HostProcess.Kill);
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            // It has ended by itself.
        }
    }

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Only those that already work in this engine's folder: others belong to somebody else.
    private void KillSupervisors(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
            {
                if (LinkOf($"{process}/cwd") is { } folder && folder.StartsWith(Host.Paths.Run, StringComparison.Ordinal))
                {
                    TryKill(int.Parse(process[6..], CultureInfo.InvariantCulture));
                }
            }

            Thread.Sleep(Random.Shared.Next(0, 20));
        }
    }
}

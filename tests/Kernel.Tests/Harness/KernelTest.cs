using PsContainers.Engine;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>A test on the real kernel: it looks at the host before and after, and fails when anything was left.</summary>
public abstract class KernelTest : IDisposable
{
    /// <summary>For tests that need what the guest with cgroup v2 lacks, or take too long there.</summary>
    protected const string OnlyOnHost = "host";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly HostSnapshot _before;

    protected KernelTest(TestHost host)
    {
        Assert.SkipWhen(host.Missing is not null, host.Missing ?? "");
        Host = host;
        _ = host.Services;
        _before = HostSnapshot.Take(host);
    }

    protected TestHost Host { get; }

    protected ContainerServices Services => Host.Services;

    /// <summary>Whether all controllers are in version 2.</summary>
    protected static bool IsUnified => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    public void Dispose()
    {
        Host.RemoveContainers();
        RemoveOwn();
        _before.AssertNothingNew(Host);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what the test itself made, before the host is compared.</summary>
    protected virtual void RemoveOwn()
    {
    }

    /// <summary>Runs a shell script in a container of busybox, in the foreground, and removes the container.</summary>
    protected RunOutcome Run(string script, Func<ContainerCreation, ContainerCreation>? change = null) =>
        Run(Creation(["sh", "-c", script], change));

    /// <summary>The one output of a script that must succeed.</summary>
    protected string Say(string script, Func<ContainerCreation, ContainerCreation>? change = null) => Run(script, change).Text();

    protected RunOutcome Run(ContainerCreation creation)
    {
        var output = new List<string>();
        var error = new List<string>();
        using var end = new CancellationTokenSource(_patience);
        var run = Services.RunContainer.Execute(
            creation, line => (line.Stream == OutputStream.StandardOutput ? output : error).Add(line.Text), end.Token);
        return new RunOutcome(run.ExitCode, output, error, run.Container);
    }

    /// <summary>Starts a shell script in a container of busybox in the background.</summary>
    protected Container Start(string script, Func<ContainerCreation, ContainerCreation>? change = null)
    {
        var created = Services.CreateContainer.Execute(
            Creation(["sh", "-c", script], creation => Keep(change is null ? creation : change(creation))));
        return Services.StartContainer.Execute(created.Id);
    }

    /// <summary>The lines of a container's log, of one stream or both.</summary>
    protected List<string> Log(Container container, OutputStream? stream = null) =>
    [
        .. Services.ReadLog.Execute(container.Id, new LogQuery())
            .Where(entry => stream is null || entry.Stream == stream)
            .Select(entry => entry.Text),
    ];

    /// <summary>Waits until a container has logged a line.</summary>
    protected void WaitForLine(Container container, string line) =>
        WaitUntil(
            () => Log(container).Contains(line),
            $"the container did not log '{line}'; it logged: {string.Join(" | ", Log(container))}");

    protected Container Wait(Container container) => Services.WaitContainer.Execute(container.Id, _patience);

    protected static void WaitUntil(Func<bool> condition, string complaint)
    {
        var end = DateTime.UtcNow + _patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, complaint);
            Thread.Sleep(10);
        }
    }

    protected static ContainerCreation Creation(IReadOnlyList<string> command, Func<ContainerCreation, ContainerCreation>? change = null)
    {
        var creation = new ContainerCreation { Image = "busybox", Command = command, RemoveOnExit = true };
        return change is null ? creation : change(creation);
    }

    private static ContainerCreation Keep(ContainerCreation creation) => creation with { RemoveOnExit = false };
}

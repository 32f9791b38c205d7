using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Containers;

/// <summary>Makes a container, runs it in the foreground and reports its end.</summary>
public sealed class RunContainer
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly CreateContainer _create;
    private readonly ContainerLaunch _launch;

    internal RunContainer(
        EnginePaths paths,
        ContainerModel model,
        ContainerLocks locks,
        Reconciliation reconciliation,
        CreateContainer create,
        ContainerLaunch launch)
    {
        _paths = paths;
        _model = model;
        _locks = locks;
        _reconciliation = reconciliation;
        _create = create;
        _launch = launch;
    }

    /// <param name="output">Called for each line, on this thread. What it throws ends the container and comes out of here.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the container has ended.</exception>
    public ContainerRun Execute(ContainerCreation creation, Action<ContainerOutputLine> output, CancellationToken cancellation = default)
    {
        var draft = _create.Describe(creation, creation.RemoveOnExit ? ContainerStatus.Running : ContainerStatus.Created);
        using var process = Start(draft, creation, out var row, cancellation);
        var runDirectory = _paths.RunDirectory(row.Id);
        ExitRecord? exit;
        var hasEnded = false;
        try
        {
            using var interruption = new RunInterruption(runDirectory, process.InitPid, row.Settings.StopSignal, _grace, cancellation);
            ForegroundOutput.Copy(process.StandardOutput, process.StandardError, output);
            exit = process.WaitForExit();
            hasEnded = true;
        }
        finally
        {
            if (!hasEnded)
            {
                var state = RunState.Read(runDirectory);
                ContainerEnd.Stop(new CurrentContainer(row, state), runDirectory, _grace, CancellationToken.None);
                Finish(row, exit: null);
            }
        }

        var container = _model.Of(Finish(row, exit));
        cancellation.ThrowIfCancellationRequested();
        return new ContainerRun { Container = container, ExitCode = container.ExitCode ?? Reconciliation.LostExitCode };
    }

    private LauncherProcess Start(
        ContainerDraft draft, ContainerCreation creation, out ContainerRow row, CancellationToken cancellation)
    {
        using var held = _create.InsertLocked(draft, creation, out row, cancellation);
        return _launch.Start(row, attach: true, cancellation);
    }

    private CurrentContainer Finish(ContainerRow row, ExitRecord? exit)
    {
        using var held = _locks.Acquire(row.Id, row.Name, CancellationToken.None);
        return row.RemoveOnExit && exit is not null ? _reconciliation.Discard(row, exit) : _reconciliation.SettleAfter(row, exit);
    }
}

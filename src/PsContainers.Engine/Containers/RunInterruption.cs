using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Ends a foreground container when its token is cancelled: with its stop signal, and by force when it does not listen.</summary>
/// <remarks>The canceller, a console's Ctrl+C handler, is not kept waiting: the thread that reads the output sees the end.</remarks>
internal sealed class RunInterruption : IDisposable
{
    private readonly string _runDirectory;
    private readonly int _pid;
    private readonly int _signal;
    private readonly TimeSpan _grace;
    private readonly CancellationTokenRegistration _registration;
    private Timer? _kill;

    public RunInterruption(string runDirectory, int pid, int signal, TimeSpan grace, CancellationToken cancellation)
    {
        _runDirectory = runDirectory;
        _pid = pid;
        _signal = signal;
        _grace = grace;
        _registration = cancellation.UnsafeRegister(interruption => ((RunInterruption)interruption!).Interrupt(), this);
    }

    public void Dispose()
    {
        _registration.Dispose();
        _kill?.Dispose();
    }

    private void Interrupt()
    {
        if (!ContainerEnd.IsHandled(_pid, _signal))
        {
            Kill();
            return;
        }

        ContainerEnd.Signal(_runDirectory, _signal);
        Suspension.Lift(_runDirectory);
        _kill = new Timer(interruption => ((RunInterruption)interruption!).Kill(), this, _grace, Timeout.InfiniteTimeSpan);
    }

    private void Kill() => ContainerEnd.Kill(_runDirectory);
}

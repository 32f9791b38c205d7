using System.Runtime.InteropServices;

namespace PsContainers.Host.Hosting;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP into a stop of what runs: cmdlets undo what they began, then psc ends with 128 + signal.
/// </summary>
internal sealed class Interruption : IDisposable
{
    public const int Interrupt = 2;
    public const int BrokenPipe = 13;
    private const int ExitCodeOfSignal = 128;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _gate = new();
    private Action? _stop;
    private int? _endedBy;

    public Interruption()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => On(context, Interrupt, ends: false)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => On(context, signal: 15, ends: true)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => On(context, signal: 1, ends: true)));
    }

    /// <summary>Set when psc shall end: a signal that ends it came, or any signal while no prompt waits for a user.</summary>
    public int? ExitCode
    {
        get
        {
            lock (_gate)
            {
                return _endedBy;
            }
        }
    }

    /// <summary>At the prompt Ctrl+C ends the command, not the shell.</summary>
    public bool SurvivesInterrupt { get; set; }

    /// <summary>A key is waited for, which no stop can hasten: psc ends at once when a signal says so.</summary>
    public bool IsAsking { get; set; }

    /// <summary>While the scope lives, a signal calls <paramref name="stop"/>, on another thread.</summary>
    public Scope While(Action stop)
    {
        lock (_gate)
        {
            _stop = stop;
        }

        return new Scope(this);
    }

    /// <summary>Does what the signal does when it comes.</summary>
    /// <param name="ends">It ends psc even at the prompt.</param>
    public void Raise(int signal, bool ends)
    {
        lock (_gate)
        {
            if (ends || !SurvivesInterrupt)
            {
                _endedBy ??= ExitCodeOfSignal + signal;
            }

            // Under the lock: what is stopped must not be gone meanwhile.
            if (_stop is not null && !(ends && IsAsking))
            {
                _stop();
                return;
            }
        }

        if (ends)
        {
            Environment.Exit(ExitCodeOfSignal + signal);
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void On(PosixSignalContext context, int signal, bool ends)
    {
        context.Cancel = true;
        Raise(signal, ends);
    }

    /// <summary>Ends what <see cref="While"/> began.</summary>
    public readonly struct Scope(Interruption interruption) : IDisposable
    {
        public void Dispose()
        {
            lock (interruption._gate)
            {
                interruption._stop = null;
            }
        }
    }
}

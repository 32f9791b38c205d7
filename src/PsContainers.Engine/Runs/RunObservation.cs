using PsContainers.Linux;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Runs;

/// <summary>The kernel's truth about one container at one moment.</summary>
internal readonly record struct RunObservation(
    Vitality Vitality, RunState? State = null, ExitRecord? Exit = null, bool IsPaused = false)
{
    public static RunObservation Of(string runDirectory)
    {
        if (!Directory.Exists(runDirectory))
        {
            return new RunObservation(Vitality.Absent);
        }

        if (ExitRecord.Read(runDirectory) is { } exit)
        {
            return new RunObservation(Vitality.Ended, Exit: exit);
        }

        var state = RunState.Read(runDirectory);
        if (state is null)
        {
            return new RunObservation(Answers(runDirectory) ? Vitality.Starting : Vitality.Lost);
        }

        if (IsAlive(state.SupervisorPid, state.SupervisorStartTime))
        {
            return new RunObservation(Vitality.Alive, state, IsPaused: Suspension.IsInForce(runDirectory));
        }

        // It may have ended in order between the two looks.
        return ExitRecord.Read(runDirectory) is { } late
            ? new RunObservation(Vitality.Ended, state, late)
            : new RunObservation(Vitality.Lost, state);
    }

    // A zombie's supervision is over, too: it can be one only when its parent, the system's first process, is slow.
    public static bool IsAlive(int pid, long startTime) =>
        ProcessStat.Of(pid) is { } process && process.StartTime == (ulong)startTime && process.State is not ('Z' or 'X');

    private static bool Answers(string runDirectory)
    {
        using var control = ContainerControl.TryConnect(runDirectory);
        return control is not null;
    }
}

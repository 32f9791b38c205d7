using System.Diagnostics;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Runs;

/// <summary>Makes the store agree with the kernel: what a killed session or supervisor left half done is finished or undone here.</summary>
internal sealed class Reconciliation(EnginePaths paths, ContainerTable containers, ContainerLocks locks, ContainerRemains remains)
{
    /// <summary>How a container ends whose supervisor could not say how: as if killed.</summary>
    public const int LostExitCode = 137;

    private static readonly TimeSpan _startPatience = TimeSpan.FromSeconds(5);

    /// <summary>The container as it is now, brought up to date if nobody else is at work on it.</summary>
    public CurrentContainer Current(ContainerRow row)
    {
        var seen = Observe(row);
        if (Agrees(row, seen))
        {
            return new CurrentContainer(row, seen.State, IsPaused: seen.IsPaused);
        }

        using var held = locks.TryAcquire(row.Id);
        if (held is null)
        {
            return new CurrentContainer(Foresee(row, seen), seen.State, IsPaused: seen.IsPaused);
        }

        if (containers.Find(row.Id) is { } latest)
        {
            return SettleIfPossible(latest);
        }

        // Our look at its lock made the lock's file anew.
        locks.Discard(row.Id);
        return new CurrentContainer(row, IsRemoved: true);
    }

    /// <summary>Brings the container up to date that a user asked for; the caller holds its lock.</summary>
    /// <remarks>A driver of a network that is slow keeps nobody here: who starts or removes the container asks it again.</remarks>
    public CurrentContainer Settle(string id, string asked)
    {
        if (containers.Find(id) is { } row)
        {
            return Settle(row, isBrief: true);
        }

        locks.Discard(id);
        throw EngineErrors.ContainerNotFound(asked);
    }

    /// <summary>Brings a container up to date whose end was waited for; the caller holds its lock.</summary>
    /// <param name="exit">The end of that run, which stays the answer when others have removed or started the container since.</param>
    public CurrentContainer SettleAfter(ContainerRow row, ExitRecord? exit)
    {
        var ended = Foresee(row, exit is null ? default : new RunObservation(Vitality.Ended, Exit: exit));
        if (containers.Find(row.Id) is not { } latest)
        {
            locks.Discard(row.Id);
            return new CurrentContainer(ended, IsRemoved: true);
        }

        var settled = Settle(latest);
        return settled.IsRunning && exit is not null ? new CurrentContainer(ended) : settled;
    }

    /// <summary>Removes a container that was to be removed at its end, and has ended so; the caller holds its lock.</summary>
    public CurrentContainer Discard(ContainerRow row, ExitRecord exit)
    {
        var kept = remains.Remove(row);
        return Removed(Foresee(row, new RunObservation(Vitality.Ended, Exit: exit)), kept);
    }

    /// <summary>Brings one container up to date; the caller holds its lock.</summary>
    public CurrentContainer Settle(ContainerRow row) => Settle(row, isBrief: false);

    private CurrentContainer Settle(ContainerRow row, bool isBrief)
    {
        var seen = ObserveSettled(row);
        if (Agrees(row, seen))
        {
            return new CurrentContainer(row, seen.State, IsPaused: seen.IsPaused);
        }

        return seen.Vitality switch
        {
            // Its starter was killed before it could say so.
            Vitality.Alive => Adopt(row, seen),
            Vitality.Ended => Finish(Foresee(row, seen), isBrief),
            _ => Bury(row, seen, isBrief),
        };
    }

    // What cannot be cleared away must not hide every other container from those who only look; who works on it gets the error itself.
    // Nor does a network's driver keep them that hangs.
    private CurrentContainer SettleIfPossible(ContainerRow row)
    {
        try
        {
            return Settle(row, isBrief: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var ended = Foresee(row, Observe(row));
            return new CurrentContainer(ended with
            {
                Status = ContainerStatus.Stopped,
                ExitCode = ended.ExitCode ?? LostExitCode,
                Error = $"what the container left cannot be cleared away: {e.Message}",
            });
        }
    }

    /// <summary>Removes the directories and locks of containers that have no row: a creation or removal that was killed half-way.</summary>
    public void Sweep()
    {
        var known = containers.Ids();
        var traces = IdsIn(paths.Run).Concat(IdsIn(paths.Containers)).Concat(IdsIn(paths.Locks));
        foreach (var id in traces.Distinct().Where(id => !known.Contains(id)))
        {
            using var held = locks.TryAcquire(id);
            if (held is not null && containers.Find(id) is null)
            {
                remains.RemoveUnknown(id);
            }
        }
    }

    // Status and trace agree, and nothing is left to clear away.
    private static bool Agrees(ContainerRow row, RunObservation seen) =>
        seen.Vitality == (row.Status == ContainerStatus.Running ? Vitality.Alive : Vitality.Absent);

    /// <summary>The row as settling would make it, unsaved.</summary>
    private static ContainerRow Foresee(ContainerRow row, RunObservation seen) => seen switch
    {
        { Vitality: Vitality.Alive, State: { } state } =>
            row with
            {
                Status = ContainerStatus.Running,
                Boot = HostBoot.Id,
                Started = state.Started.UtcDateTime,
                Finished = null,
                ExitCode = null,
                OutOfMemory = false,
                Error = null,
            },
        { Vitality: Vitality.Ended, Exit: { } exit } =>
            row with
            {
                Status = ContainerStatus.Stopped,
                Started = seen.State?.Started.UtcDateTime ?? row.Started,
                Finished = exit.Finished.UtcDateTime,
                ExitCode = exit.ExitCode,
                OutOfMemory = exit.OomKilled,
                Error = null,
            },
        _ => row,
    };

    private CurrentContainer Adopt(ContainerRow row, RunObservation seen)
    {
        var running = Foresee(row, seen);
        containers.SetRunning(row.Id, HostBoot.Id, running.Started!.Value);
        return new CurrentContainer(running, seen.State, IsPaused: seen.IsPaused);
    }

    private CurrentContainer Bury(ContainerRow row, RunObservation seen, bool isBrief)
    {
        if (row.Status != ContainerStatus.Running && seen.State is null)
        {
            // It was about to be started, and never was.
            remains.RemoveAbandonedRun(row.Id, isBrief);
            return new CurrentContainer(row);
        }

        AbandonedRun.End(row.Id, seen.State);
        return Finish(row with
        {
            Status = ContainerStatus.Stopped,
            Finished = DateTime.UtcNow,
            ExitCode = LostExitCode,
            Error = IsOfEarlierBoot(row)
                ? "the host was restarted while the container ran"
                : "the container's supervisor died before it could record the end",
        }, isBrief);
    }

    // The row first: a run directory that outlives it leads the next session here again.
    private CurrentContainer Finish(ContainerRow ended, bool isBrief)
    {
        if (ended.RemoveOnExit)
        {
            return Removed(ended, remains.Remove(ended, isBrief));
        }

        ContainerRemains.EndStrays(ended);
        containers.SetStopped(ended);
        if (remains.RemoveRun(ended.Id, isBrief) is [var kept, ..])
        {
            ended = ended with { Error = kept };
            containers.SetError(ended.Id, kept);
        }

        return new CurrentContainer(ended);
    }

    private static CurrentContainer Removed(ContainerRow row, IReadOnlyList<string> kept) =>
        kept is [var first, ..] ? new(row with { Error = first }, IsRemoved: true, Kept: first) : new(row, IsRemoved: true);

    // A supervisor whose starter was killed may still be at work: it ends up alive, or undoes all it did.
    private RunObservation ObserveSettled(ContainerRow row)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = Observe(row);
            if (seen.Vitality != Vitality.Starting)
            {
                return seen;
            }

            if (Stopwatch.GetElapsedTime(started) > _startPatience)
            {
                return new RunObservation(Vitality.Lost);
            }

            Thread.Sleep(5);
        }
    }

    // A run directory on a disk outlives a reboot; the processes that it names are others by then.
    private RunObservation Observe(ContainerRow row)
    {
        var seen = RunObservation.Of(paths.RunDirectory(row.Id));
        return seen.Vitality == Vitality.Alive && row.Status == ContainerStatus.Running && IsOfEarlierBoot(row)
            ? new RunObservation(Vitality.Lost)
            : seen;
    }

    private static bool IsOfEarlierBoot(ContainerRow row) => row.Boot is not null && row.Boot != HostBoot.Id;

    private static IEnumerable<string> IdsIn(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)).Where(ContainerName.IsId);
}

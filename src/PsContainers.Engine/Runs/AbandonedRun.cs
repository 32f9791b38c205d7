using System.Diagnostics;
using System.Globalization;
using PsContainers.Engine.Containers;
using PsContainers.Linux;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Runs;

/// <summary>Does what a killed supervisor could not do any more: ends the rest of its container and removes its control groups.</summary>
internal static class AbandonedRun
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public static string CgroupPath(string id) => $"/pscontainers/{id}";

    public static void End(string id, RunState? state)
    {
        var plan = CgroupPlan.Build(CgroupHierarchies.OfSelf(), CgroupPath(id), null);

        // In version 1 a suspended process does not even die.
        CgroupFreezer.Of(plan)?.Thaw();
        if (state is not null && RunObservation.IsAlive(state.Pid, state.StartTime))
        {
            Kill(state.Pid, () => RunObservation.IsAlive(state.Pid, state.StartTime));
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var group in plan.Directories)
        {
            if (group.Role == CgroupRole.Container)
            {
                RemoveGroup(group.Path, started);
            }
        }
    }

    private static void RemoveGroup(string group, long started)
    {
        if (!Directory.Exists(group))
        {
            return;
        }

        foreach (var child in Directory.GetDirectories(group))
        {
            RemoveGroup(child, started);
        }

        while (true)
        {
            KillMembers(group);
            try
            {
                Directory.Delete(group);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < _patience)
            {
                // EBUSY until the kernel has buried the last member.
                Thread.Sleep(2);
            }
        }
    }

    private static void KillMembers(string group)
    {
        foreach (var pid in Members(group))
        {
            Kill(pid, () => Members(group).Contains(pid));
        }
    }

    // The pid is looked at once more when it is held: between the first look and pidfd_open(2) it may have come to mean another process.
    private static void Kill(int pid, Func<bool> isStillMeant)
    {
        try
        {
            using var process = PidFd.Open(pid);
            if (isStillMeant())
            {
                process.Signal(StopSignal.Kill);
            }
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            // It has ended by itself.
        }
    }

    private static List<int> Members(string group)
    {
        try
        {
            return
            [
                .. File.ReadLines(Path.Join(group, "cgroup.procs"))
                    .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
                    .Where(pid => pid > 0),
            ];
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException || e.HResult == (int)Errno.ENODEV)
        {
            return [];
        }
    }
}

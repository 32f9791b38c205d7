using System.Globalization;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Linux;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Runs;

/// <summary>Brings a running container to its end, and waits for it.</summary>
internal static class ContainerEnd
{
    /// <summary>
    /// How long the kernel may take to end what was killed: a process in the middle of disk input or output can't be hurried.
    /// </summary>
    private static readonly TimeSpan _killPatience = TimeSpan.FromSeconds(30);

    /// <summary>A .NET timer runs for 49 days at most; what is longer is as good as without end.</summary>
    private static readonly TimeSpan _longestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Waits until the container's supervisor has ended; what it has recorded is then in the run directory.</summary>
    /// <param name="exit">The end as the supervisor told it; null when it was gone before it could be asked.</param>
    /// <returns>False when the time ran out first.</returns>
    public static bool Wait(string runDirectory, TimeSpan timeout, out ExitRecord? exit, CancellationToken cancellation)
    {
        exit = null;
        using var control = ContainerControl.TryConnect(runDirectory);
        if (control is null)
        {
            return true;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (timeout != Timeout.InfiniteTimeSpan && timeout <= _longestTimer)
        {
            limit.CancelAfter(timeout);
        }

        try
        {
            exit = control.WaitForExit(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Sends a signal to the container's first process, if it still runs.</summary>
    /// <returns>False when it has ended.</returns>
    public static bool Signal(string runDirectory, int signal)
    {
        using var control = ContainerControl.TryConnect(runDirectory);
        return control?.Signal(signal) == true;
    }

    /// <summary>Kills the container's first process, and with it the others. Suspended they die by cgroup version 2 alone.</summary>
    public static void Kill(string runDirectory)
    {
        Signal(runDirectory, StopSignal.Kill);
        Suspension.Lift(runDirectory);
    }

    /// <summary>Asks the container to end, and kills it when the time is up.</summary>
    /// <param name="grace">From the signal to the kill; zero kills at once.</param>
    public static ExitRecord? Stop(CurrentContainer current, string runDirectory, TimeSpan grace, CancellationToken cancellation)
    {
        var signal = current.Row.Settings.StopSignal;
        if (grace > TimeSpan.Zero && current.State is { } state && IsHandled(state.Pid, signal))
        {
            // A suspended container keeps the signal, and gets it first thing when it goes on.
            Signal(runDirectory, signal);
            Suspension.Lift(runDirectory);
            if (Wait(runDirectory, grace, out var ended, cancellation))
            {
                return ended;
            }
        }

        Kill(runDirectory);
        return Wait(runDirectory, _killPatience, out var killed, cancellation)
            ? killed
            : throw EngineErrors.StopFailed(current.Row.Name, _killPatience);
    }

    /// <summary>
    /// Whether a signal can reach anything in the first process: it has a handler, ignores it knowingly, or holds it back to fetch it
    /// later.
    /// </summary>
    /// <remarks>
    /// pid_namespaces(7): the first process of a pid namespace gets no signal that it has no handler for, except SIGKILL and SIGSTOP.
    /// Waiting for an answer to a signal that was never delivered is waiting for nothing.
    /// </remarks>
    public static bool IsHandled(int pid, int signal)
    {
        const NumberStyles MaskStyle = NumberStyles.AllowHexSpecifier | NumberStyles.AllowLeadingWhite;
        var bit = 1UL << (signal - 1);
        try
        {
            foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")))
            {
                var isMask = line.StartsWith("SigBlk:", StringComparison.Ordinal)
                    || line.StartsWith("SigIgn:", StringComparison.Ordinal)
                    || line.StartsWith("SigCgt:", StringComparison.Ordinal);
                if (isMask && (ulong.Parse(line.AsSpan(7), MaskStyle, CultureInfo.InvariantCulture) & bit) != 0)
                {
                    return true;
                }
            }
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException || e.HResult == (int)Errno.ESRCH)
        {
            // It has just ended.
        }

        return false;
    }
}

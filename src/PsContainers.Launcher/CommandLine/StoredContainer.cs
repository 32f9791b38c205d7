using PsContainers.Linux;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.CommandLine;

/// <summary>A container of the store, as its files tell it; <see cref="Status"/> asks the kernel.</summary>
/// <param name="State">Null while it is being made, or when that was cut off.</param>
internal sealed record StoredContainer(string Directory, OciContainer Container, RunState? State)
{
    private const string StartSocket = "start.sock";

    internal int Pid => State?.Pid ?? 0;

    /// <summary>The words of the specification, and `paused`. runtime-spec, "State"</summary>
    internal string Status()
    {
        if (State is null)
        {
            return "creating";
        }

        if (!IsAlive)
        {
            return "stopped";
        }

        return IsAwaitingStart() ? "created" : IsPaused() ? "paused" : "running";
    }

    /// <summary>The first process is there; one that ended and was not waited for is not.</summary>
    internal bool IsAlive => State is not null
        && ProcessStat.Of(State.Pid) is { State: not ('Z' or 'X') } stat
        && stat.StartTime == (ulong)State.StartTime;

    /// <summary>Somebody listens on the socket: `start` was not called. A connection without a word is only a look.</summary>
    private bool IsAwaitingStart()
    {
        if (!WholeFile.Exists(Path.Join(Directory, StartSocket)))
        {
            return false;
        }

        try
        {
            using var directory = PathDescriptor.Open(Directory);
            using var socket = UnixSocket.Connect($"{directory.SelfPath}/{StartSocket}");
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ECONNREFUSED)
        {
            return false;
        }
    }

    /// <summary>The file that freezes its processes: version 2's where there is one, and null where there is none.</summary>
    internal string? FreezerFile => Container.Cgroups.FirstOrDefault(group => group.Unified) is { } unified
        ? $"{unified.Path}/cgroup.freeze"
        : Container.Cgroups.FirstOrDefault(group => group.Controllers.Contains("freezer")) is { } freezer
        ? $"{freezer.Path}/freezer.state"
        : null;

    private bool IsPaused() =>
        FreezerFile is { } file && WholeFile.TryReadText(file)?.Trim() is "1" or "FROZEN" or "FREEZING";
}

using PsContainers.Oci.Runtime.Reading;

namespace PsContainers.Runtime.Launch;

/// <summary>The file `state` that a supervisor leaves in the run directory while its container runs.</summary>
/// <param name="StartTime">Clock ticks after boot; with the pid it names the process for good. proc_pid_stat(5), field 22.</param>
public sealed record RunState(int Pid, long StartTime, int SupervisorPid, long SupervisorStartTime, long StartedUnixNanoseconds)
{
    public const string FileName = "state";

    public DateTimeOffset Started => DateTimeOffset.UnixEpoch.AddTicks(StartedUnixNanoseconds / 100);

    /// <summary>Null when there is none: the container never started, or its directory is gone.</summary>
    public static RunState? Read(string runDirectory) => RecordFile.Read(runDirectory, FileName, Record);

    private static RunState Record(ref SpecReader json) => json.Object(
        new RunState(0, 0, 0, 0, 0),
        static (ref SpecReader json, string name, RunState state) => name switch
        {
            "pid" => state with { Pid = json.Int32() },
            "startTime" => state with { StartTime = json.Int64() },
            "supervisorPid" => state with { SupervisorPid = json.Int32() },
            "supervisorStartTime" => state with { SupervisorStartTime = json.Int64() },
            "startedUnixNanoseconds" => state with { StartedUnixNanoseconds = json.Int64() },
            _ => json.Skip(state),
        });
}

/// <summary>The file `exit` that a supervisor leaves in the run directory when its container has ended.</summary>
/// <param name="Signal">The signal that ended it, or 0.</param>
/// <param name="OomKilled">The kernel killed in the container for want of memory.</param>
public sealed record ExitRecord(int ExitCode, int Signal, bool OomKilled, long FinishedUnixNanoseconds)
{
    public const string FileName = "exit";

    public DateTimeOffset Finished => DateTimeOffset.UnixEpoch.AddTicks(FinishedUnixNanoseconds / 100);

    /// <summary>Null when there is none: it runs, or its supervisor was killed before it could write one.</summary>
    public static ExitRecord? Read(string runDirectory) => RecordFile.Read(runDirectory, FileName, Record);

    private static ExitRecord Record(ref SpecReader json) => json.Object(
        new ExitRecord(0, 0, false, 0),
        static (ref SpecReader json, string name, ExitRecord exit) => name switch
        {
            "exitCode" => exit with { ExitCode = json.Int32() },
            "signal" => exit with { Signal = json.Int32() },
            "oomKilled" => exit with { OomKilled = json.Flag() },
            "finishedUnixNanoseconds" => exit with { FinishedUnixNanoseconds = json.Int64() },
            _ => json.Skip(exit),
        });
}

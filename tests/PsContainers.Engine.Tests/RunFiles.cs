using System.Net.Sockets;
using System.Text.Json.Nodes;
using PsContainers.Linux;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Tests;

/// <summary>What a supervisor leaves in a run directory, without a supervisor.</summary>
internal sealed class RunFiles
{
    /// <summary>No process has this number: it is above the kernel's limit, 2^22. proc_sys_kernel(5), pid_max</summary>
    internal const int NoProcess = 1 << 29;

    internal RunFiles(string directory)
    {
        Folder = directory;
        Directory.CreateDirectory(directory);
    }

    internal string Folder { get; }

    internal static long OwnStartTime => StartTimeOf(Environment.ProcessId);

    internal static long StartTimeOf(int pid) => (long)ProcessStat.Of(pid)!.StartTime;

    internal static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    /// <summary>The state of a run that this very process supervises.</summary>
    internal void WriteLiveState(DateTime? started = null) =>
        WriteState(Environment.ProcessId, OwnStartTime, Environment.ProcessId, OwnStartTime, started);

    /// <summary>The state of a run whose supervisor and first process are gone.</summary>
    internal void WriteDeadState() => WriteState(NoProcess, 1, NoProcess, 1);

    internal void WriteState(int pid, long startTime, int supervisor, long supervisorStartTime, DateTime? started = null) =>
        Replace(RunState.FileName, new JsonObject
        {
            ["pid"] = pid,
            ["startTime"] = startTime,
            ["supervisorPid"] = supervisor,
            ["supervisorStartTime"] = supervisorStartTime,
            ["startedUnixNanoseconds"] = Nanoseconds(started ?? Sample.Time),
        });

    internal void WriteExit(int code, DateTime finished, bool oomKilled = false) => Replace(ExitRecord.FileName, new JsonObject
    {
        ["exitCode"] = code,
        ["signal"] = 0,
        ["oomKilled"] = oomKilled,
        ["finishedUnixNanoseconds"] = Nanoseconds(finished),
    });

    /// <summary>A control socket that takes connections.</summary>
    internal Socket Listen()
    {
        var socket = Bind();
        socket.Listen();
        return socket;
    }

    /// <summary>A control socket that takes none, as one whose supervisor is gone.</summary>
    internal Socket Bind()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        using var directory = PathDescriptor.Open(Folder);
        socket.Bind(new UnixDomainSocketEndPoint($"{directory.SelfPath}/{ContainerControl.SocketName}"));
        return socket;
    }

    private void Replace(string name, JsonObject record)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path + ".new", record.ToJsonString());
        File.Move(path + ".new", path, overwrite: true);
    }
}

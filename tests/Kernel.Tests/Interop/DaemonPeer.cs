using System.Diagnostics;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>An engine with a daemon, in mount and pid namespaces that end with it, and everything that it started.</summary>
public abstract class DaemonPeer : Peer
{
    // Engines look for every version 1 hierarchy that /proc/self/cgroup names, also where nobody mounted it.
    private const string Script = """
        for name in $(awk -F: '$2 != "" && $2 !~ /=/ { print $2 }' /proc/self/cgroup); do
            place=/sys/fs/cgroup/$name
            mountpoint -q "$place" || { mkdir -p "$place"; mount -t cgroup -o "$name" cgroup "$place"; }
        done
        log=$1
        shift
        exec "$@" > "$log" 2>&1
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private Process? _process;

    private protected DaemonPeer(TestHost host, params string[] programs)
        : base(host, programs)
    {
    }

    protected string Socket => Path.Join(RunFolder, "engine.sock");

    private string LogPath => Path.Join(State, "daemon.log");

    /// <summary>Starts the daemon and waits until it answers a command; the image is imported after it.</summary>
    protected void StartDaemon(IEnumerable<string> command, params string[] question)
    {
        _process = HostCommand.Start(
            "unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", Script, "daemon", LogPath, .. command]);
        var end = DateTime.UtcNow + _patience;
        while (!File.Exists(Socket) || Do(question).ExitCode != 0)
        {
            if (_process.HasExited || DateTime.UtcNow > end)
            {
                Stop();
                Assert.Fail($"the daemon does not answer:\n{File.ReadAllText(LogPath)}");
            }

            Thread.Sleep(50);
        }
    }

    protected override void Stop()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }
}

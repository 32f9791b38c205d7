using System.Diagnostics;
using PsContainers.Linux;

namespace PsContainers.Benchmarks;

/// <summary>dockerd with a store of its own, and the command that speaks with it.</summary>
internal sealed class DockerDaemon : IDisposable
{
    private const string Daemon = "/usr/sbin/dockerd";
    private const string Command = "/usr/bin/docker";
    private const int SIGTERM = 15;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;

    private Process _process;
    private int _generation;

    private DockerDaemon(Workspace workspace)
    {
        _folder = Directory.CreateDirectory(Path.Join(workspace.Folder, "docker")).FullName;
        _process = Start();
    }

    private string Socket => $"unix://{_folder}/socket";

    /// <summary>Null where there is no Docker.</summary>
    public static DockerDaemon? TryCreate(Workspace workspace) =>
        File.Exists(Daemon) && File.Exists(Command) ? new DockerDaemon(workspace) : null;

    public void Run(params string[] words) => Native.Run(Command, ["--host", Socket, .. words]);

    /// <summary>A new store, for the reason that <see cref="ImageStores"/> has.</summary>
    public void Empty()
    {
        Stop();
        _generation++;
        _process = Start();
    }

    public void Dispose() => Stop();

    private Process Start()
    {
        string[] words =
        [
            Daemon, "--host", Socket, "--data-root", $"{_folder}/root-{_generation}", "--exec-root", $"{_folder}/exec",
            "--pidfile", $"{_folder}/pid", "--cgroup-parent", $"/{Workspace.CgroupParent}", "--iptables=false", "--ip6tables=false",
            "--ip-forward=false",
            "--bridge=none",
        ];
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {string.Join(' ', words)} > {_folder}/log 2>&1"]))!;
        for (var end = DateTime.UtcNow + _patience; Native.Try(Command, "--host", Socket, "version").Code != 0;)
        {
            if (DateTime.UtcNow > end || process.HasExited)
            {
                throw new InvalidOperationException($"dockerd does not answer: {File.ReadAllText($"{_folder}/log")}");
            }

            Thread.Sleep(100);
        }

        return process;
    }

    private void Stop()
    {
        using (var process = PidFd.Open(_process.Id))
        {
            process.Signal(SIGTERM);
        }

        _process.WaitForExit(_patience);
        _process.Dispose();
    }
}

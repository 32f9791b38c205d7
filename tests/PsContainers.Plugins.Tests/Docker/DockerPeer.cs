using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PsContainers.Plugins.Tests.Docker;

/// <summary>A Docker plugin in a process of its own, with an implementation of HTTP that is not ours.</summary>
internal sealed class DockerPeer : IDisposable
{
    private static readonly string _program = Path.GetFullPath(Path.Combine(OwnFolder(), "../../Plugins.DockerPeer/peer.py"));
    private readonly string _folder;
    private readonly Process _process;

    private DockerPeer(string folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>The paths that were called, with what was sent.</summary>
    internal IReadOnlyList<string> Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    private string CallsFile => Path.Combine(_folder, "calls");

    internal string Store => Path.Combine(_folder, "store");

    /// <summary>One that listens on a socket, or on a port where the file is no socket.</summary>
    internal static DockerPeer Start(string folder, string file, params string[] implements)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        var kind = Path.GetExtension(file) == ".sock" ? "unix" : "tcp";
        var process = Process.Start(new ProcessStartInfo("python3", [_program, folder, kind, file, .. implements]))!;
        for (var i = 0; i < 1000 && !File.Exists(file); i++)
        {
            Assert.False(process.HasExited, "the peer ended");
            Thread.Sleep(10);
        }

        return new DockerPeer(folder, process);
    }

    /// <summary>How often a call was made.</summary>
    internal int Count(string call) => Calls.Count(line => line.StartsWith($"/{call} ", StringComparison.Ordinal));

    internal void AwaitEnd() => Assert.True(_process.WaitForExit(5000), "the peer goes on");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string OwnFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

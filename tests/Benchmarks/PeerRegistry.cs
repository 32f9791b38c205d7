using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PsContainers.Benchmarks;

/// <summary>Debian's docker-registry on loopback.</summary>
internal sealed class PeerRegistry : IDisposable
{
    private const string Program = "/usr/bin/docker-registry";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _folder;

    private PeerRegistry(Workspace workspace)
    {
        _folder = Directory.CreateDirectory(Path.Join(workspace.Folder, "registry")).FullName;
        var port = FreePort();
        Host = $"127.0.0.1:{port}";
        var configuration = Path.Join(_folder, "config.yml");
        File.WriteAllText(configuration, $$"""
            version: 0.1
            log: { level: error, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{_folder}}/data } }
            http: { addr: {{Host}} }
            """);
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {Program} serve {configuration} > {_folder}/log 2>&1"]))!;
        for (var end = DateTime.UtcNow + _patience; !Answers(port) && DateTime.UtcNow < end;)
        {
            Thread.Sleep(50);
        }
    }

    public string Host { get; }

    /// <summary>Null where there is no registry to run.</summary>
    public static PeerRegistry? TryCreate(Workspace workspace) => File.Exists(Program) ? new PeerRegistry(workspace) : null;

    /// <summary>Forgets all images.</summary>
    public void Empty() => Native.Ask("/bin/rm", "-rf", Path.Join(_folder, "data"));

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

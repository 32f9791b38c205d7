using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PsContainers.Linux;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>A directory as the bridge driver keeps one for a network, and the resolvers that were started on it.</summary>
internal sealed class NetworkDirectory : IDisposable
{
    private static readonly ConcurrentDictionary<int, bool> Given = [];

    private readonly List<ResolverProcess> _started = [];

    internal NetworkDirectory(string? names = "10.1.0.2 web\n")
    {
        Directory.CreateDirectory(Path);
        Write("listen", $"127.0.0.1 {Port}\n::1 {Port}\n");
        if (names != null)
        {
            Write("names", names);
        }
    }

    internal string Path { get; } = System.IO.Path.Join(System.IO.Path.GetTempPath(), $"psc-resolver-{Guid.NewGuid():n}");

    internal int Port { get; } = FreePort();

    internal DnsClient Client => new(Endpoint);

    internal IPEndPoint Endpoint => new(IPAddress.Loopback, Port);

    internal string PidFile => System.IO.Path.Join(Path, "pid");

    /// <summary>Replaces a file as a whole, as the driver does.</summary>
    internal void Write(string name, string content)
    {
        var temporary = System.IO.Path.Join(Path, $".{name}.new");
        File.WriteAllText(temporary, content);
        File.Move(temporary, System.IO.Path.Join(Path, name), overwrite: true);
    }

    /// <summary>Replaces `names` under the driver's lock, and starts a resolver as the driver does afterwards.</summary>
    internal ResolverProcess ChangeNames(string content)
    {
        using (LockNames())
        {
            Write("names", content);
        }

        return Start();
    }

    internal LockFile LockNames()
    {
        var file = LockFile.Open(System.IO.Path.Join(Path, "names.lock"));
        Eventually.Is(() => file.TryLock(isShared: false));
        return file;
    }

    internal ResolverProcess Start()
    {
        var process = new ResolverProcess(Path);
        _started.Add(process);
        return process;
    }

    /// <summary>Starts the resolver, which is to listen.</summary>
    internal ResolverProcess StartReady()
    {
        var process = Start();
        Assert.Equal("ready", process.Line);
        return process;
    }

    public void Dispose()
    {
        // In the driver's order: no names, no resolver, no directory.
        if (Directory.Exists(Path))
        {
            Write("names", "");
        }

        foreach (var process in _started)
        {
            process.Dispose();
        }

        Delete();
    }

    /// <summary>Removes the directory, though a resolver that is about to end may just make a lock file in it.</summary>
    internal void Delete() => Eventually.Is(() =>
    {
        try
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });

    /// <summary>A port that nobody has, neither for datagrams nor for connections; no other test of this process is given it.</summary>
    internal static int FreePort()
    {
        for (var i = 0; i < 100; i++)
        {
            var port = Random.Shared.Next(12_000, 30_000);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new InvalidOperationException("no free port in a hundred tries");
    }

    private static bool IsFree(int port)
    {
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var streams = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, port));
            streams.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

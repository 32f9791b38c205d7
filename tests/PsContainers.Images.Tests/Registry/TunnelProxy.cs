using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PsContainers.Images.Tests.Registry;

/// <summary>A proxy that asks for a password and then lets bytes through: CONNECT of RFC 9110. It leads everybody to one server.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _server;
    private readonly string _authorization;
    private readonly Task _serving;

    /// <param name="server">Host and port of what is behind it.</param>
    internal TunnelProxy(string server, string user, string password)
    {
        _server = server;
        _authorization = $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{user}:{password}"))}";
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The first line of each request, with whether it had the password.</summary>
    internal ConcurrentQueue<(string Line, bool IsAllowed)> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            while (true)
            {
                tunnels.Add(TunnelAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(tunnels);
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using var closing = client;
        try
        {
            var near = client.GetStream();
            while (await HeadAsync(near) is { } head)
            {
                var isAllowed = head.Contains(_authorization, StringComparer.Ordinal);
                Requests.Enqueue((head[0], isAllowed));
                if (!isAllowed)
                {
                    await SayAsync(near, "407 Who are you\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0");
                    continue;
                }

                using var server = new TcpClient();
                await server.ConnectAsync(IPEndPoint.Parse(_server), _stop.Token);
                await SayAsync(near, "200 Go on");
                var far = server.GetStream();
                await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone, or the test is over.
        }
    }

    private static ValueTask SayAsync(Stream stream, string head) => stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\n\r\n"));

    // Byte by byte: what follows the head belongs to the tunnel.
    private async Task<string[]?> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(next, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)next[0]);
        }

        return head.ToString().Split("\r\n");
    }
}

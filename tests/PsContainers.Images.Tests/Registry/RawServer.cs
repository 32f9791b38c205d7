using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>
/// A server of HTTP whose answers a test writes, right or wrong, down to the byte; it can also stand before a real registry and spoil
/// single answers of that one.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawRequest, RawAnswer> _answer;
    private readonly Task _serving;

    private readonly X509Certificate2? _certificate;

    /// <param name="answer">Called for one request after the other.</param>
    /// <param name="certificate">For TLS.</param>
    internal RawServer(Func<RawRequest, RawAnswer> answer, X509Certificate2? certificate = null)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    internal string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What was asked so far.</summary>
    internal ConcurrentQueue<RawRequest> Requests { get; } = new();

    internal RegistryClient Client(string repository, RegistrySettings settings) =>
        new(ImageReference.Parse($"{Host}/{repository}"), settings);

    internal int Count(string method, string path) =>
        Requests.Count(request => request.Method == method && request.Path.Contains(path, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(_certificate);
        return stream;
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = await OpenAsync(client);
                if (await RawRequest.ReadHeadAsync(stream, _stop.Token) is { } request)
                {
                    Requests.Enqueue(request);
                    await _answer(request).SendAsync(request, client, stream, _stop.Token);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException
                or AuthenticationException)
            {
                // The client went away, which is what some tests are about.
            }
        }
    }
}

/// <summary>A request: its head; the body is still to be read.</summary>
internal sealed record RawRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Head)
{
    internal string? this[string header] => Headers.GetValueOrDefault(header);

    internal long BodyLength => long.Parse(this["Content-Length"] ?? "0", CultureInfo.InvariantCulture);

    internal static async Task<RawRequest?> ReadHeadAsync(Stream stream, CancellationToken stop)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop) == 0)
            {
                return null;
            }

            // A hello of TLS, which nobody here would answer.
            if (one[0] == 0x16)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(
            parts => parts[0], parts => parts.ElementAtOrDefault(1) ?? "", StringComparer.OrdinalIgnoreCase);
        return new(first[0], first[1], headers, head.ToString());
    }
}

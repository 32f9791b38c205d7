using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>A registry with one image whose layer stops coming half-way, until it is told to go on.</summary>
internal sealed class HangingRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, (byte[] Content, string MediaType)> _documents = [];
    private readonly byte[] _layer = MakeLayer();
    // The test goes on by itself, not on the thread that serves.
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();

    public HangingRegistry()
    {
        _listener.Start();
        Host = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        var diffId = DigestOf(_layer);
        var config = Encoding.UTF8.GetBytes(
            $$"""{ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": ["{{diffId}}"] } }""");
        var (id, size) = (DigestOf(config), config.Length);
        var manifest = Encoding.UTF8.GetBytes($$"""
            { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{id}}", "size": {{size}} },
              "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "{{diffId}}", "size": {{_layer.Length}} }] }
            """);
        _documents["/v2/"] = ("{}"u8.ToArray(), "application/json");
        _documents["/v2/hanging/manifests/1"] = (manifest, "application/vnd.oci.image.manifest.v1+json");
        _documents[$"/v2/hanging/blobs/{id}"] = (config, "application/octet-stream");
        _ = ServeAsync();
    }

    public string Host { get; }

    public bool IsHanging { get; set; } = true;

    /// <summary>The first byte that each request for the layer wanted.</summary>
    public ConcurrentQueue<long> Offsets { get; } = new();

    /// <summary>Ends when half of the layer is on its way.</summary>
    public Task Hanging => _hanging.Task;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private static byte[] MakeLayer()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(new byte[1 << 20]) });
        }

        return bytes.ToArray();
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    // One request for each connection. Who speaks TLS gets none of it.
    private async Task AnswerAsync(TcpClient client)
    {
        using var closing = client;
        try
        {
            var stream = client.GetStream();
            var request = await ReadRequestAsync(stream);
            var path = request.Split(' ').ElementAtOrDefault(1) ?? "";
            if (path == $"/v2/hanging/blobs/{DigestOf(_layer)}")
            {
                await SendLayerAsync(stream, OffsetIn(request));
            }
            else if (_documents.TryGetValue(path, out var document))
            {
                await SendHeadAsync(stream, "200 OK", document.Content.Length, $"Content-Type: {document.MediaType}");
                await stream.WriteAsync(request.StartsWith("HEAD", StringComparison.Ordinal) ? [] : document.Content);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The other side has gone, as the test wants it.
        }
    }

    private static async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        var buffer = new byte[4096];
        int read;
        do
        {
            read = await stream.ReadAsync(buffer);
            request.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        while (read > 0 && buffer[0] != 0x16 && !request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal));
        return request.ToString();
    }

    private static int OffsetIn(string request)
    {
        const string range = "Range: bytes=";
        var start = request.IndexOf(range, StringComparison.OrdinalIgnoreCase) + range.Length;
        return start < range.Length ? 0 : int.Parse(request[start..request.IndexOf('-', start)], CultureInfo.InvariantCulture);
    }

    private static async Task SendHeadAsync(NetworkStream stream, string status, int length, string header) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n\r\n"));

    private async Task SendLayerAsync(NetworkStream stream, int offset)
    {
        Offsets.Enqueue(offset);
        await SendHeadAsync(
            stream, offset > 0 ? "206 Partial Content" : "200 OK", _layer.Length - offset,
            $"Content-Range: bytes {offset}-{_layer.Length - 1}/{_layer.Length}");
        if (IsHanging)
        {
            await stream.WriteAsync(_layer.AsMemory(offset, (_layer.Length / 2) - offset));
            _hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, _end.Token);
        }

        await stream.WriteAsync(_layer.AsMemory(offset));
    }
}

using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>A registry with one image whose layer stops coming half-way, until it is told to go on.</summary>
internal sealed class HangingRegistry : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (byte[] Content, string MediaType)> _documents = [];
    private readonly byte[] _layer = MakeLayer();
    private readonly TaskCompletionSource _hanging = new();
    private readonly CancellationTokenSource _end = new();

    public HangingRegistry()
    {
        var port = FreePort();
        Host = $"127.0.0.1:{port}";
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
        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
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
        _listener.Close();
        _end.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed, or somebody spoke TLS.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var path = context.Request.Url!.AbsolutePath;
            if (path == $"/v2/hanging/blobs/{DigestOf(_layer)}")
            {
                await SendLayerAsync(context);
            }
            else if (_documents.TryGetValue(path, out var document))
            {
                context.Response.ContentType = document.MediaType;
                context.Response.ContentLength64 = document.Content.Length;
                await context.Response.OutputStream.WriteAsync(document.Content);
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or OperationCanceledException or InvalidOperationException)
        {
            // The other side has gone, as the test wants it.
        }
    }

    private async Task SendLayerAsync(HttpListenerContext context)
    {
        var offset = context.Request.Headers["Range"] is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
        Offsets.Enqueue(offset);
        context.Response.StatusCode = offset > 0 ? 206 : 200;
        context.Response.Headers["Content-Range"] = offset > 0 ? $"bytes {offset}-{_layer.Length - 1}/{_layer.Length}" : null;
        context.Response.ContentLength64 = _layer.Length - offset;
        var half = _layer.Length / 2;
        if (IsHanging)
        {
            await context.Response.OutputStream.WriteAsync(_layer.AsMemory(offset, half - offset));
            await context.Response.OutputStream.FlushAsync();
            _hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, _end.Token);
        }

        await context.Response.OutputStream.WriteAsync(_layer.AsMemory(offset));
    }
}

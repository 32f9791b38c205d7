using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Registry.Blobs;

/// <summary>
/// Reads a blob, and where the registry stops in the middle asks for the rest. Gives exactly as many bytes as the descriptor says;
/// read from its begin, also exactly the ones that its digest names: else the last read throws.
/// </summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs</remarks>
internal sealed class BlobDownload : Stream
{
    // Whoever sends so much between two failures is getting on.
    private const long Progress = 1024 * 1024;

    private readonly RegistryConnection _connection;
    private readonly RegistryTask _task;
    private readonly Descriptor _blob;
    private readonly IncrementalHash? _hash;
    private readonly Watchdog _watchdog;
    private readonly CancellationToken _stop;

    private HttpResponseMessage? _response;
    private Stream? _content;
    private long _position;
    private long _cutAt;
    private int _failures;
    private bool _isWhole;

    private BlobDownload(RegistryConnection connection, RegistryTask task, Descriptor blob, long offset, CancellationToken stop)
    {
        (_connection, _task, _blob, _position, _cutAt, _stop) = (connection, task, blob, offset, offset, stop);
        _hash = offset == 0 ? blob.Digest.CreateHash() : null;
        _watchdog = new(connection.Settings, stop);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _blob.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Asks for the blob from an offset; returns when the registry has begun to send it.</summary>
    /// <param name="stop">Ends this and all reads.</param>
    internal static async Task<BlobDownload> OpenAsync(
        RegistryConnection connection, RegistryTask task, Descriptor blob, long offset, CancellationToken stop)
    {
        var download = new BlobDownload(connection, task, blob, offset, stop);
        try
        {
            await download.RequestAsync().ConfigureAwait(false);
            return download;
        }
        catch
        {
            await download.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.Length == 0 || _isWhole ? 0 : await _task.RunAsync(() => ReadResumingAsync(buffer, cancellationToken)).ConfigureAwait(false);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _response?.Dispose();
            _hash?.Dispose();
            _watchdog.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadResumingAsync(Memory<byte> buffer, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                if (_content is null)
                {
                    await RequestAsync().ConfigureAwait(false);
                }

                return await ReadOnceAsync(buffer).ConfigureAwait(false);
            }
            catch (Exception e) when (Backoff.IsTransient(e) && HasAnotherTry())
            {
                _content = null;
                _response?.Dispose();
                _response = null;
                var delay = Backoff.Delay(_failures, Random.Shared.NextDouble());
                await Task.Delay(delay, _connection.Settings.Time, _stop).ConfigureAwait(false);
            }
        }
    }

    private bool HasAnotherTry()
    {
        _failures = _position - _cutAt >= Progress ? 1 : _failures + 1;
        _cutAt = _position;
        return _failures < _connection.Settings.Attempts;
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer)
    {
        var left = _blob.Size - _position;
        var wanted = left == 0 ? new byte[1] : buffer[..(int)Math.Min(left, buffer.Length)];
        var read = await _watchdog.WatchAsync(token => _content!.ReadAsync(wanted, token)).ConfigureAwait(false);
        if (left == 0)
        {
            Finish(isLonger: read > 0);
            return 0;
        }

        if (read == 0)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"the answer ends after {_position} of {_blob.Size} bytes");
        }

        _hash?.AppendData(wanted.Span[..read]);
        _position += read;
        return read;
    }

    private void Finish(bool isLonger)
    {
        if (isLonger)
        {
            throw new RegistryFault($"the content is longer than the {_blob.Size} bytes it should have");
        }

        if (_hash is not null && Digest.FromHash(_hash.GetHashAndReset()) is var digest && digest != _blob.Digest)
        {
            throw new RegistryFault($"the content's digest is {digest}");
        }

        _isWhole = true;
    }

    private async Task RequestAsync()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, await _connection.AddressAsync($"blobs/{_blob.Digest}", _stop).ConfigureAwait(false));
        request.Headers.Range = _position > 0 && _position < _blob.Size ? new RangeHeaderValue(_position, null) : null;
        _response = await _connection.SendAsync(
            request, _connection.PullScope, _stop, HttpStatusCode.OK, HttpStatusCode.PartialContent).ConfigureAwait(false);
        var start = StartOf(_response);
        CheckLength(_response, _blob.Size - start);
        _content = await _response.Content.ReadAsStreamAsync(_stop).ConfigureAwait(false);
        await SkipAsync(_position - start).ConfigureAwait(false);
    }

    // Who does not know ranges sends all of it.
    private long StartOf(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return 0;
        }

        return response.Content.Headers.ContentRange is { From: { } from } && from == _position
            ? from
            : throw new RegistryFault($"it was asked for the bytes from {_position} on, and sends others");
    }

    private void CheckLength(HttpResponseMessage response, long expected)
    {
        if (response.Content.Headers.ContentLength is { } length && length != expected)
        {
            throw new RegistryFault($"it has {length} bytes to send instead of the {expected} of a blob of {_blob.Size}");
        }
    }

    private async Task SkipAsync(long length)
    {
        var buffer = new byte[Math.Min(length, 64 * 1024)];
        while (length > 0)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(length, buffer.Length));
            var read = await _watchdog.WatchAsync(token => _content!.ReadAsync(piece, token)).ConfigureAwait(false);
            length -= read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "the answer ends before what is missing");
        }
    }
}

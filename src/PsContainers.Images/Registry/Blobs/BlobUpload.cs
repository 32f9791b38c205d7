using System.Net;
using System.Net.Http.Headers;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Registry.Blobs;

/// <summary>
/// Pushes a blob: in one piece, or in several where that is wanted or the first way failed. After a cut it asks how much has come.
/// </summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs</remarks>
internal sealed class BlobUpload(
    RegistryConnection connection, Descriptor blob, BlobSource source, IProgress<long>? progress, CancellationToken stop)
{
    private Uri? _location;
    private long _minimumChunk;
    private long _offset;
    private bool _isChunked = connection.Settings.ChunkLength is { } chunk && blob.Size > chunk;

    internal async Task RunAsync()
    {
        for (var failures = 0; ;)
        {
            var before = _offset;
            try
            {
                await TransferAsync().ConfigureAwait(false);
                progress?.Report(blob.Size);
                return;
            }
            catch (Exception e) when (IsWorthAnotherTry(e) && failures + 1 < connection.Settings.Attempts)
            {
                failures = _offset > before ? 1 : failures + 1;
                // The next pieces are small enough to lose.
                _isChunked = true;
                var delay = Backoff.Delay(failures, Random.Shared.NextDouble());
                await Task.Delay(delay, connection.Settings.Time, stop).ConfigureAwait(false);
                if (await IsThereAsync().ConfigureAwait(false))
                {
                    progress?.Report(blob.Size);
                    return;
                }
            }
        }
    }

    private static bool IsWorthAnotherTry(Exception error) => Backoff.IsTransient(error) || (error is RegistryFault { Status: { } status }
        && (Backoff.IsTransient(status) || status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.RequestEntityTooLarge));

    private async Task TransferAsync()
    {
        if (_location is null)
        {
            await BeginAsync().ConfigureAwait(false);
        }

        var chunk = Math.Max(connection.Settings.ChunkLength ?? connection.Settings.FallbackChunkLength, _minimumChunk);
        while (_isChunked && _offset < blob.Size)
        {
            await SendChunkAsync(Math.Min(chunk, blob.Size - _offset)).ConfigureAwait(false);
        }

        await FinishAsync().ConfigureAwait(false);
    }

    private async Task BeginAsync()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, await connection.AddressAsync("blobs/uploads/", stop).ConfigureAwait(false));
        request.Content = new ByteArrayContent([]);
        using var response = await connection.SendAsync(request, connection.PushScope, stop, HttpStatusCode.Accepted).ConfigureAwait(false);
        (_location, _offset, _minimumChunk) = (LocationOf(response), 0, AnswerHeaders.MinimumChunk(response));
    }

    private async Task SendChunkAsync(long chunk)
    {
        using var watchdog = new Watchdog(connection.Settings, stop);
        using var request = new HttpRequestMessage(HttpMethod.Patch, _location) { Content = Content(chunk, watchdog) };
        // Without the word `bytes` and the total, unlike HTTP's own.
        request.Content.Headers.TryAddWithoutValidation("Content-Range", $"{_offset}-{_offset + chunk - 1}");
        using var response = await SendAsync(request, watchdog, HttpStatusCode.Accepted).ConfigureAwait(false);
        var expected = _offset + chunk;
        if (AnswerHeaders.UploadedLength(response) is { } uploaded && uploaded != expected && expected > 1)
        {
            throw new RegistryFault($"it was sent the first {expected} bytes and says that it has {uploaded}");
        }

        (_location, _offset) = (LocationOf(response), expected);
    }

    private async Task FinishAsync()
    {
        using var watchdog = new Watchdog(connection.Settings, stop);
        var separator = _location!.Query.Length > 0 ? '&' : '?';
        var address = new Uri($"{_location.GetLeftPart(UriPartial.Query)}{separator}digest={Uri.EscapeDataString(blob.Digest.ToString())}");
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = Content(blob.Size - _offset, watchdog) };
        using var response = await SendAsync(request, watchdog, HttpStatusCode.Created, HttpStatusCode.NoContent).ConfigureAwait(false);
        if (AnswerHeaders.ContentDigest(response) is { } stored && stored != blob.Digest)
        {
            throw new RegistryFault($"it says that what it stored has the digest {stored}");
        }
    }

    private BlobContent Content(long piece, Watchdog watchdog)
    {
        var content = new BlobContent(blob, source, _offset, piece, watchdog, sent => progress?.Report(sent));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Watchdog watchdog, params HttpStatusCode[] expected) =>
        await watchdog.WatchAsync(token => new ValueTask<HttpResponseMessage>(
            connection.SendAsync(request, connection.PushScope, token, expected))).ConfigureAwait(false);

    /// <summary>
    /// Asks how far the upload has come. One that the registry no longer knows begins anew, unless it came to its end and only the
    /// answer was lost: that is true.
    /// </summary>
    private async Task<bool> IsThereAsync()
    {
        if (_location is null)
        {
            return false;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, _location);
        using var response = await connection.SendAsync(request, connection.PushScope, stop).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent && AnswerHeaders.UploadedLength(response) is { } offset && offset <= blob.Size)
        {
            (_location, _offset) = (LocationOf(response), offset);
            return false;
        }

        (_location, _offset) = (null, 0);
        return await new BlobPresence(connection).IsThereAsync(blob.Digest, connection.PushScope, stop).ConfigureAwait(false);
    }

    private Uri LocationOf(HttpResponseMessage response)
    {
        var location = AnswerHeaders.Location(response) ?? _location ?? throw new RegistryFault("it does not say where to upload to");
        return RedirectHandler.IsSameOrigin(location, response.RequestMessage!.RequestUri!)
            ? location
            : throw new RegistryFault($"it wants the content to be uploaded to another host, {location.Authority}");
    }
}

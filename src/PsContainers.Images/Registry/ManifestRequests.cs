using System.Net;
using System.Net.Http.Headers;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Registry;

/// <summary>Manifests and indexes of a repository.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests</remarks>
internal sealed class ManifestRequests(RegistryConnection connection)
{
    private static readonly string[] _accepted =
        [MediaTypes.Index, MediaTypes.Manifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest];

    /// <param name="reference">A tag or a digest.</param>
    /// <param name="expected">What the content has to have as digest.</param>
    internal async Task<FetchedManifest> GetAsync(string reference, Digest? expected, CancellationToken stop)
    {
        var address = await AddressAsync(reference, stop).ConfigureAwait(false);
        var (answer, bytes) = await connection.GetDocumentAsync(
            () => Request(HttpMethod.Get, address), connection.PullScope, ImageDocument.MaximumLength, stop).ConfigureAwait(false);
        using var response = answer;
        var mediaType = ManifestMediaType.Of(response.Content.Headers.ContentType?.MediaType, bytes);
        var announced = AnswerHeaders.ContentDigest(response);
        CheckDigest(bytes, expected, "it was asked for");
        CheckDigest(bytes, announced, "the registry announced");
        return new(expected ?? announced ?? Digest.Of(bytes), mediaType, bytes);
    }

    /// <summary>What a tag points to; null when the registry has no such tag.</summary>
    internal async Task<Descriptor?> HeadAsync(string reference, Digest? expected, CancellationToken stop)
    {
        using var request = Request(HttpMethod.Head, await AddressAsync(reference, stop).ConfigureAwait(false));
        using var response = await connection.SendAsync(
            request, connection.PullScope, stop, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        var (mediaType, size) = (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentLength);
        if (AnswerHeaders.ContentDigest(response) is { } digest && size is not null && ManifestMediaType.IsKnown(mediaType))
        {
            return expected is null || expected == digest
                ? new() { MediaType = mediaType!, Digest = digest, Size = size.Value }
                : throw new RegistryFault($"it says that the digest is {digest}");
        }

        // The header is optional in the specification: then only the content tells.
        var manifest = await GetAsync(reference, expected, stop).ConfigureAwait(false);
        return new() { MediaType = manifest.MediaType, Digest = manifest.Digest, Size = manifest.Bytes.Length };
    }

    internal async Task PutAsync(string reference, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var address = await AddressAsync(reference, stop).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ReadOnlyMemoryContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await connection.SendAsync(
            request, connection.PushScope, stop, HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Accepted).ConfigureAwait(false);
        CheckDigest(bytes.Span, AnswerHeaders.ContentDigest(response), "the registry stored");
    }

    private Task<Uri> AddressAsync(string reference, CancellationToken stop) => connection.AddressAsync($"manifests/{reference}", stop);

    private static void CheckDigest(ReadOnlySpan<byte> bytes, Digest? expected, string whose)
    {
        if (expected is not { } digest)
        {
            return;
        }

        using var hash = digest.CreateHash();
        hash.AppendData(bytes);
        var actual = Digest.FromHash(hash.GetCurrentHash());
        if (actual != digest)
        {
            throw new RegistryFault($"the content's digest is {actual}, not {digest}, which {whose}");
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        foreach (var mediaType in _accepted)
        {
            request.Headers.Accept.Add(new(mediaType));
        }

        return request;
    }
}

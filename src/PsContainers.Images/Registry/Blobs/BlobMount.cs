using System.Net;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Registry.Blobs;

/// <summary>Has a registry take a blob from another repository.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository</remarks>
internal sealed class BlobMount(RegistryConnection registry)
{
    internal async Task<bool> RunAsync(Digest digest, string fromRepository, CancellationToken stop)
    {
        var query = $"mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(fromRepository)}";
        using var request = new HttpRequestMessage(
            HttpMethod.Post, await registry.AddressAsync($"blobs/uploads/?{query}", stop).ConfigureAwait(false));
        request.Content = new ByteArrayContent([]);
        var scope = $"{registry.PushScope} repository:{fromRepository}:pull";
        using var response = await registry.SendAsync(
            request, scope, stop, HttpStatusCode.Created, HttpStatusCode.Accepted).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Created)
        {
            return true;
        }

        await CancelAsync(AnswerHeaders.Location(response), response, stop).ConfigureAwait(false);
        return false;
    }

    // It has begun an upload instead, which nobody is going to use. One that cannot be canceled the registry forgets by itself.
    private async Task CancelAsync(Uri? upload, HttpResponseMessage response, CancellationToken stop)
    {
        if (upload is not null && RedirectHandler.IsSameOrigin(upload, response.RequestMessage!.RequestUri!))
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, upload);
            using var canceled = await registry.SendAsync(request, registry.PushScope, stop).ConfigureAwait(false);
        }
    }
}

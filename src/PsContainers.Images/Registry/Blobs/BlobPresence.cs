using System.Net;
using PsContainers.Oci;

namespace PsContainers.Images.Registry.Blobs;

/// <summary>Whether a repository has a blob.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#checking-if-content-exists-in-the-registry</remarks>
internal sealed class BlobPresence(RegistryConnection connection)
{
    internal async Task<bool> IsThereAsync(Digest digest, string scope, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Head, await connection.AddressAsync($"blobs/{digest}", stop).ConfigureAwait(false));
        using var response = await connection.SendAsync(
            request, scope, stop, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK;
    }
}

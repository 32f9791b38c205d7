using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Pushes what a test has in memory.</summary>
internal static class BlobPushing
{
    /// <param name="open">Gives the content from its begin, which may be another one than the digest and the length say.</param>
    internal static Task PushBlobAsync(
        this RegistryClient client, Digest digest, long length, Func<Stream> open, IProgress<long>? progress = null) =>
        client.PushBlobAsync(
            new Descriptor { MediaType = MediaTypes.Layer, Digest = digest, Size = length },
            (_, offset, _) =>
            {
                var content = open();
                content.Position = offset;
                return Task.FromResult(content);
            },
            progress);
}

using System.Net;
using PsContainers.Oci;

namespace PsContainers.Images.Registry.Http;

/// <summary>A piece of a blob on its way to a registry; opened anew whenever the request is sent again.</summary>
/// <param name="sent">Is told how many bytes have gone, counted from the blob's begin.</param>
internal sealed class BlobContent(
    Descriptor blob, BlobSource source, long offset, long length, Watchdog watchdog, Action<long> sent) : HttpContent
{
    private readonly byte[] _buffer = new byte[128 * 1024];

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var content = await source(blob, offset, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            for (var left = length; left > 0;)
            {
                var piece = _buffer.AsMemory(0, (int)Math.Min(left, _buffer.Length));
                var read = await content.ReadAsync(piece, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new RegistryFault($"the content to push ends {left} bytes too early");
                }

                await stream.WriteAsync(piece[..read], cancellationToken).ConfigureAwait(false);
                left -= read;
                watchdog.Reset();
                sent(offset + length - left);
            }
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}

using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>The configuration of an image in a registry.</summary>
internal static class RemoteConfig
{
    /// <exception cref="ImageFormatException">It is longer than any configuration.</exception>
    /// <exception cref="RegistryException">The registry did not give it, or another one than its digest says.</exception>
    internal static async Task<byte[]> ReadAsync(BlobSource source, Descriptor config, CancellationToken stop)
    {
        if (config.Size > ImageDocument.MaximumLength)
        {
            throw new ImageFormatException(
                $"the configuration is said to have {config.Size} bytes, more than the {ImageDocument.MaximumLength} that are read");
        }

        var stream = await source(config, 0, stop).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        using var bytes = new MemoryStream((int)config.Size);

        // To its end, where the digest is compared.
        await stream.CopyToAsync(bytes, stop).ConfigureAwait(false);
        return bytes.ToArray();
    }
}

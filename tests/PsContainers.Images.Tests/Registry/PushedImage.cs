using System.Text;
using PsContainers.Images.Registry;
using PsContainers.Images.Tests.Archives;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>An image of one layer that a test pushes by itself.</summary>
internal sealed class PushedImage
{
    internal PushedImage(byte[] layer)
    {
        Layer = layer;
        Config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{Digest.Of(layer)}}"] } }""");
        Manifest = ImageDocument.Write(new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = Digest.Of(Config), Size = Config.Length },
            Layers = [LayerDescriptor],
        });
    }

    internal static PushedImage Small { get; } = new(SavedImage.LayerTar(1));

    internal byte[] Layer { get; }

    internal byte[] Config { get; }

    internal byte[] Manifest { get; }

    internal Descriptor LayerDescriptor => DescriptorOf(Layer);

    internal static Descriptor DescriptorOf(byte[] layer) =>
        new() { MediaType = MediaTypes.Layer, Digest = Digest.Of(layer), Size = layer.Length };

    internal async Task PushAsync(RegistryClient client)
    {
        foreach (var blob in (byte[][])[Layer, Config])
        {
            await client.PushBlobAsync(Digest.Of(blob), blob.Length, () => new MemoryStream(blob));
        }

        await client.PutManifestAsync(MediaTypes.Manifest, Manifest);
    }

    internal static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    internal static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        await using var content = stream;
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}

using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>Brings images to a repository, several parts of each at once, and of them only what is not there yet.</summary>
/// <param name="repositories">Other repositories of the registry that may have a blob already.</param>
public sealed class ImageUpload(
    RegistryClient registry, Func<Digest, IEnumerable<string>> repositories, IProgress<TransferProgress>? progress = null)
{
    private const int AtOnce = 4;

    private long _sent;

    /// <summary>
    /// Whether an index will name the image. Then only its digest does so here; otherwise its manifest goes where the reference points.
    /// </summary>
    public bool IsListed { get; init; }

    /// <summary>Pushes an image's parts, then its manifest: whoever finds the manifest finds all of it.</summary>
    /// <param name="bytes">The manifest as the store has it. Another one is pushed when layers have to be compressed.</param>
    /// <exception cref="ImageFormatException">A part of the image is not in the store.</exception>
    /// <exception cref="RegistryException">The registry did not take it.</exception>
    public async Task<UploadedImage> RunAsync(
        byte[] bytes, ContentStore content, LayerCompressionMethod compression, CancellationToken stop)
    {
        var manifest = Read(bytes);
        using var staging = content.Stage();
        if (manifest.Layers.Any(LayerPacking.IsPlain))
        {
            manifest = Pack(manifest, new LayerPacking(staging, compression, progress), stop);
            bytes = ImageDocument.Write(manifest);
        }

        CheckPresence(Blobs(manifest), staging);
        return await PushAsync(manifest, bytes, (blob, offset, _) => Task.FromResult(OpenAt(staging, blob, offset)), stop)
            .ConfigureAwait(false);
    }

    /// <summary>Does the same with an image of another repository, past the store.</summary>
    /// <param name="bytes">The manifest as it is there.</param>
    /// <exception cref="ImageFormatException">It is no container image.</exception>
    /// <exception cref="RegistryException">One of the registries failed.</exception>
    public Task<UploadedImage> CopyAsync(byte[] bytes, RegistryClient from, CancellationToken stop) =>
        PushAsync(Read(bytes), bytes, from.OpenBlobAsync, stop);

    private static ImageManifest Read(byte[] bytes)
    {
        var manifest = Documents.Read(bytes, "the manifest", ImageDocument.ReadManifest);
        ContainerImageManifest.Check(manifest);
        return manifest;
    }

    private static List<Descriptor> Blobs(ImageManifest manifest) =>
        [.. manifest.Layers.Append(manifest.Config).DistinctBy(blob => blob.Digest)];

    private static Stream OpenAt(ContentStaging staging, Descriptor blob, long offset)
    {
        var stream = staging.Open(blob.Digest);
        stream.Position = offset;
        return stream;
    }

    private async Task<UploadedImage> PushAsync(ImageManifest manifest, byte[] bytes, BlobSource source, CancellationToken stop)
    {
        var blobs = Blobs(manifest);
        blobs.ForEach(blob => Report(blob, TransferPhase.Waiting, 0));
        await Parallel.ForEachAsync(
            blobs,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (blob, token) => await PushAsync(blob, source, token).ConfigureAwait(false)).ConfigureAwait(false);
        var descriptor = new Descriptor
        {
            MediaType = manifest.MediaType is { Length: > 0 } mediaType ? mediaType : MediaTypes.Manifest,
            Digest = Digest.Of(bytes),
            Size = bytes.Length,
        };
        await (IsListed
            ? registry.PutManifestAsync(descriptor.Digest, descriptor.MediaType, bytes, stop)
            : registry.PutManifestAsync(descriptor.MediaType, bytes, stop)).ConfigureAwait(false);
        return new(descriptor, blobs.Sum(blob => blob.Size), _sent);
    }

    private static ImageManifest Pack(ImageManifest manifest, LayerPacking packing, CancellationToken stop)
    {
        var packed = manifest.Layers.Where(LayerPacking.IsPlain).DistinctBy(layer => layer.Digest)
            .ToDictionary(layer => layer.Digest, layer => packing.Pack(layer, stop));
        return manifest with { Layers = [.. manifest.Layers.Select(layer => packed.GetValueOrDefault(layer.Digest, layer))] };
    }

    private static void CheckPresence(IEnumerable<Descriptor> blobs, ContentStaging staging)
    {
        if (blobs.FirstOrDefault(blob => !staging.Contains(blob.Digest)) is { } missing)
        {
            throw new ImageFormatException($"{missing.Digest} is not in the store");
        }
    }

    private async Task PushAsync(Descriptor blob, BlobSource source, CancellationToken stop)
    {
        if (await IsThereAsync(blob, stop).ConfigureAwait(false))
        {
            Report(blob, TransferPhase.Present, blob.Size);
            return;
        }

        Report(blob, TransferPhase.Uploading, 0);
        await registry.PushBlobAsync(blob, source, new Meter(this, blob), stop).ConfigureAwait(false);
        Interlocked.Add(ref _sent, blob.Size);
        Report(blob, TransferPhase.Done, blob.Size);
    }

    private async Task<bool> IsThereAsync(Descriptor blob, CancellationToken stop)
    {
        if (await registry.HasBlobAsync(blob.Digest, stop).ConfigureAwait(false))
        {
            return true;
        }

        foreach (var repository in repositories(blob.Digest))
        {
            if (await registry.MountBlobAsync(blob.Digest, repository, stop).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private void Report(Descriptor blob, TransferPhase phase, long done) =>
        progress?.Report(new(blob.Digest.ToString(), phase, done, blob.Size));

    private sealed class Meter(ImageUpload upload, Descriptor blob) : IProgress<long>
    {
        public void Report(long value) => upload.Report(blob, TransferPhase.Uploading, value);
    }
}

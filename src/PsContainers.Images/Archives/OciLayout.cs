using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Imports the images of an OCI layout, in a folder or an archive.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md</remarks>
internal sealed class OciLayout(IImageFiles files, ImageStaging staging)
{
    internal const string Marker = "oci-layout";
    internal const string Index = "index.json";

    // Nobody nests more than once.
    private const int MaximumDepth = 4;

    // Why the first entry that is not a container image was passed over: signatures and charts are kept beside images.
    private string? _strange;

    internal static string PathOf(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    internal IReadOnlyList<ImportedImage> Import()
    {
        var index = Documents.Read(files.ReadDocument(Index), Index, ImageDocument.ReadIndex);
        var images = new List<ImportedImage>();
        foreach (var named in index.Manifests.GroupBy(ImageNames.Of))
        {
            // One name, several platforms: an index that was spread out. What has no name stands for itself.
            var entries = named.Where(IndexEntries.IsImage).ToList();
            IEnumerable<Descriptor> chosen = named.Key is null || entries.Count < 2 ? entries : [Choose(entries, named.Key)];
            images.AddRange(chosen.Select(entry => ImportEntry(entry, named.Key)).OfType<ImportedImage>());
        }

        return images.Count > 0 ? images : throw new ImageFormatException(_strange ?? $"{Index} lists no image");
    }

    private ImportedImage? ImportEntry(Descriptor entry, string? name)
    {
        var descriptor = entry;
        for (var depth = 0; MediaTypes.IsIndex(descriptor.MediaType); depth++)
        {
            if (depth == MaximumDepth)
            {
                throw new ImageFormatException($"indexes are nested more than {MaximumDepth} deep");
            }

            var index = Documents.Read(ReadBlob(descriptor, "the index"), $"the index {descriptor.Digest}", ImageDocument.ReadIndex);
            descriptor = Choose(index.Manifests.Where(IndexEntries.IsImage), $"{descriptor.Digest}");
        }

        return ImportManifest(descriptor, name);
    }

    // A layout may list more platforms than it holds.
    private Descriptor Choose(IEnumerable<Descriptor> entries, string name)
    {
        var fitting = entries.Where(entry => entry.Platform is null || Platform.Current.Runs(entry.Platform)).ToList();
        return fitting.Find(entry => IsPresent(entry.Digest)) ?? fitting.FirstOrDefault()
            ?? throw new ImageFormatException($"{name} holds no image for {Platform.Current}");
    }

    private bool IsPresent(Digest digest)
    {
        using var blob = files.TryOpen(PathOf(digest));
        return blob is not null;
    }

    private ImportedImage? ImportManifest(Descriptor descriptor, string? name)
    {
        var bytes = ReadBlob(descriptor, "the manifest");
        var manifest = Documents.Read(bytes, $"the manifest {descriptor.Digest}", ImageDocument.ReadManifest);
        if (ContainerImageManifest.Strange(manifest) is { } strange)
        {
            _strange ??= $"the manifest {descriptor.Digest} is not of a container image: it lists '{strange.MediaType}'";
            return null;
        }

        var config = ReadBlob(manifest.Config, "the configuration");
        var image = staging.AddImage(config, manifest.Config.Digest, [.. manifest.Layers.Select(SourceOf)]);
        staging.Content.Put(bytes, descriptor.Digest);
        return image.Named(descriptor.Digest, name is null ? [] : [name]);
    }

    private ArchivedLayer SourceOf(Descriptor layer) => new(layer.Digest.ToString(), layer.Digest, layer.Size, () =>
        files.TryOpen(PathOf(layer.Digest)) ?? throw new ImageFormatException($"{PathOf(layer.Digest)} is missing"));

    private byte[] ReadBlob(Descriptor descriptor, string what)
    {
        var path = PathOf(descriptor.Digest);
        var bytes = files.TryReadDocument(path) ?? throw new ImageFormatException($"{what} is missing: {path}");
        if (bytes.Length != descriptor.Size)
        {
            throw new ImageFormatException($"{what} {path} has {bytes.Length} bytes instead of {descriptor.Size}");
        }

        using var hash = descriptor.Digest.CreateHash();
        hash.AppendData(bytes);
        var digest = Digest.FromHash(hash.GetCurrentHash());
        return digest == descriptor.Digest ? bytes : throw new ImageFormatException($"{what} {path} has the digest {digest}");
    }
}

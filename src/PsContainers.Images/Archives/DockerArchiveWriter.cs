using System.Text.Json;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Writes what `docker save` and `podman save` do: uncompressed layers, configurations, a manifest.json to list them.</summary>
/// <remarks>https://github.com/moby/docker-image-spec/blob/v1.3.1/v1.2.md#combined-image-json--filesystem-changeset-format</remarks>
internal sealed class DockerArchiveWriter(TarWriter tar, StoredBlobs blobs)
{
    private const int FileMode = 0x1a4;

    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    internal void Write(IReadOnlyList<ExportedImage> images)
    {
        // The form has no manifests: images that differ in nothing else are one.
        var list = images.Select(image => (Manifest: blobs.ReadManifest(image.Manifest), image.Names))
            .GroupBy(image => image.Manifest.Config.Digest)
            .Select(same => AddImage(same.First().Manifest, [.. same.SelectMany(image => image.Names).Distinct(StringComparer.Ordinal)]))
            .ToArray();
        Add(DockerArchive.List, JsonSerializer.SerializeToUtf8Bytes(list, DockerArchiveJson.Default.DockerArchiveImageArray));
        tar.Finish();
    }

    private DockerArchiveImage AddImage(ImageManifest manifest, IReadOnlyList<string> names)
    {
        var config = manifest.Config.Digest;
        var diffIds = blobs.ReadConfig(config).RootFs.DiffIds ?? [];
        if (diffIds.Count != manifest.Layers.Count)
        {
            throw new ImageFormatException(
                $"the image has {manifest.Layers.Count} layers, but its configuration {config} lists {diffIds.Count}");
        }

        var layers = diffIds.Select((diffId, i) => AddLayer(manifest.Layers[i], diffId)).ToList();
        Add($"{config.Hex}.json", blobs.Read(config));
        return new DockerArchiveImage { Config = $"{config.Hex}.json", RepoTags = names, Layers = layers };
    }

    private string AddLayer(Descriptor layer, Digest diffId)
    {
        var path = $"{diffId.Hex}.tar";
        if (_written.Add(path))
        {
            tar.Write(
                new TarEntry(TarEntryKind.File, path) { Mode = FileMode }, stream => blobs.CopyUncompressed(layer, diffId, stream));
        }

        return path;
    }

    private void Add(string path, byte[] content)
    {
        if (_written.Add(path))
        {
            tar.Write(new TarEntry(TarEntryKind.File, path) { Mode = FileMode, Size = content.Length });
            tar.WriteData(content);
        }
    }
}

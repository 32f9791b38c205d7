using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Makes an image of one layer from a root file system: a folder, or a tar archive of one.</summary>
/// <remarks>The image says nothing but what it consists of, not even when: the same root file system is the same image.</remarks>
public static class RootFileSystemImport
{
    public static ImportedImage Import(string path, ContentStore content, LayerStore layers, CancellationToken stop = default) =>
        Import(path, content, layers, LayerLimits.Default, stop);

    public static ImportedImage Import(
        string path, ContentStore content, LayerStore layers, LayerLimits limits, CancellationToken stop = default)
    {
        using var staging = new ImageStaging(content, layers, limits, stop);
        try
        {
            var source = Directory.Exists(path)
                ? Archive(path, staging)
                : new LayerSource("archive", Digest: null, Length: null, () => ArchiveFile.Open(path));
            var (blob, layer) = staging.AddLayer(source, parentChain: null, diffId: null);
            var config = new ImageConfig
            {
                Architecture = Platform.Current.Architecture,
                Os = Platform.Current.Os,
                Config = new(),
                RootFs = new() { Type = "layers", DiffIds = [layer.DiffId] },
            };
            var configBlob = staging.Content.Put(ImageDocument.Write(config));
            var image = new StagedImage(configBlob, config, [blob], [layer.DiffId], [layer.ChainId]);
            var imported = image.Named(staging.PutManifest(image).Digest, []);
            staging.Commit();
            return imported;
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"{path}: {e.Message}");
        }
    }

    // Not compressed: gzip writes some 100 MB/s, a disk more, and the archive is read again at once to be unpacked.
    private static LayerSource Archive(string folder, ImageStaging staging)
    {
        using var blob = staging.Content.Begin();
        DirectoryArchive.Write(folder, blob, staging.Stop);
        var stored = blob.Finish();
        return new("of the folder", stored.Digest, stored.Size, () => staging.Content.Open(stored.Digest));
    }
}

using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Makes an image of one layer from a root file system: a folder, or a tar archive of one.</summary>
/// <remarks>The image says nothing but what it consists of, not even when: the same root file system is the same image.</remarks>
public static class RootFileSystemImport
{
    /// <param name="leftOut">Folders whose content is no part of the root file system, wherever they lie.</param>
    public static StagedImport Stage(
        string path,
        ContentStore content,
        LayerStore layers,
        LayerLimits limits,
        IReadOnlyCollection<string> leftOut,
        CancellationToken stop = default)
    {
        var staging = new ImageStaging(content, layers, limits, stop);
        return StagedImport.Of(path, staging, () => [Import(path, staging, leftOut)]);
    }

    private static ImportedImage Import(string path, ImageStaging staging, IReadOnlyCollection<string> leftOut)
    {
        var source = Directory.Exists(path)
            ? Archive(path, staging, leftOut)
            : new ArchivedLayer("archive", digest: null, length: null, () => ArchiveFile.Open(path));
        var (blob, layer) = staging.AddLayer(source, parentChain: null, diffId: null);
        var config = new ImageConfig
        {
            Architecture = Platform.Current.Architecture,
            Os = Platform.Current.Os,
            Config = new(),
            RootFs = new() { Type = "layers", DiffIds = [layer.DiffId] },
        };
        var configBlob = staging.Content.Put(ImageDocument.Write(config));
        var image = new StagedImage(configBlob, config, [blob], [layer]);
        return image.Named(staging.PutManifest(image).Digest, []);
    }

    // Not compressed: gzip writes some 100 MB/s, a disk more, and the archive is read again at once to be unpacked.
    private static ArchivedLayer Archive(string folder, ImageStaging staging, IReadOnlyCollection<string> leftOut)
    {
        using var blob = staging.Content.Begin();
        DirectoryArchive.Write(folder, blob, staging.Limits, leftOut, staging.Stop);
        var stored = blob.Finish();
        return new("of the folder", stored.Digest, stored.Size, () => staging.Content.Open(stored.Digest));
    }
}

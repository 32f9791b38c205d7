using PsContainers.Images.Archives;
using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Archives;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Transfers;

/// <summary>A test that brings images from a shelf into a store of its own.</summary>
public abstract class DownloadTest : IDisposable
{
    protected DownloadTest() => Folder = new DownloadFolder(Downloads);

    private protected ImageSandbox Sandbox { get; } = new();

    private protected BlobShelf Shelf { get; } = new();

    private protected DownloadFolder Folder { get; }

    private protected string Downloads => Sandbox.PathOf("store/downloads");

    public void Dispose()
    {
        Sandbox.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected byte[] ShelveLayers(params byte[][] tars)
    {
        var saved = new SavedImage();
        saved.AddImage(null, tars);
        return Shelve(saved);
    }

    // All blobs of the image; what is returned is the manifest of the last one.
    private protected byte[] Shelve(SavedImage saved)
    {
        foreach (var blob in saved.Files.Where(file => file.Key.StartsWith("blobs/", StringComparison.Ordinal)).Select(file => file.Value))
        {
            Shelf[Digest.Of(blob)] = blob;
        }

        return saved.Files.Values.Last(content => content.AsSpan().IndexOf("\"layers\":"u8) >= 0);
    }

    private protected ImportedImage Pull(byte[] manifest, IProgress<TransferProgress>? progress = null, CancellationToken stop = default)
    {
        var download = new ImageDownload(Shelf.Source, Sandbox.Content, Sandbox.Layers, Folder, progress);
        using var staged = download.Stage(manifest, Digest.Of(manifest), LayerLimits.Default, stop);
        staged.Commit(() => { });
        return Assert.Single(staged.Images);
    }

    private protected void AssertNothingIsStored()
    {
        Assert.Empty(Sandbox.Content.All());
        Assert.Empty(Sandbox.Layers.All());
        Assert.False(Directory.Exists(Sandbox.Ingest) && Directory.EnumerateFileSystemEntries(Sandbox.Ingest).Any());
    }
}

using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Stores in a folder of their own that goes away with the test.</summary>
internal sealed class ImageSandbox : IDisposable
{
    internal ImageSandbox()
    {
        Folder = Directory.CreateTempSubdirectory("psc-images-").FullName;
        Content = new ContentStore(Path.Combine(Folder, "store/blobs"), Ingest);
        Layers = new LayerStore(Path.Combine(Folder, "store/layers"), Ingest);
    }

    internal string Folder { get; }

    internal string Ingest => Path.Combine(Folder, "store/ingest");

    internal ContentStore Content { get; }

    internal LayerStore Layers { get; }

    internal LayerLimits Limits { get; set; } = LayerLimits.Default;

    public void Dispose() => FileTree.Remove(Folder);

    /// <summary>A path for an archive.</summary>
    internal string PathOf(string name) => Path.Combine(Folder, name);

    internal IReadOnlyList<ImportedImage> Import(string path) =>
        Commit(ImageArchive.Stage(path, Content, Layers, Limits, TestContext.Current.CancellationToken));

    internal ImportedImage ImportRoot(string path) =>
        Commit(RootFileSystemImport.Stage(path, Content, Layers, Limits, [PathOf("store")], TestContext.Current.CancellationToken))[0];

    /// <summary>Imports something that must be refused, and sees that nothing of it stays.</summary>
    internal string Refusal(string path) => Refusal(path, () => Import(path));

    internal string RootRefusal(string path) => Refusal(path, () => ImportRoot(path));

    /// <summary>A file of an imported image, by the topmost layer that has it.</summary>
    internal string FileOf(ImportedImage image, string name) => image.ChainIds.Reverse()
        .Select(chain => Path.Combine(Layers.PathOf(chain), name))
        .First(path => FileIdentity.Of(path) is not null);

    private IReadOnlyList<ImportedImage> Commit(StagedImport staged)
    {
        using (staged)
        {
            staged.Commit(() => { });
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Ingest));
        return staged.Images;
    }

    private string Refusal(string path, Action import)
    {
        var (blobs, layers) = (Content.All().ToHashSet(), Layers.All().ToHashSet());

        var refusal = Assert.Throws<ImageFormatException>(import);

        Assert.Equal(blobs, Content.All().ToHashSet());
        Assert.Equal(layers, Layers.All().ToHashSet());
        Assert.Empty(Directory.Exists(Ingest) ? Directory.EnumerateFileSystemEntries(Ingest) : []);
        Assert.StartsWith(path + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Message;
    }
}

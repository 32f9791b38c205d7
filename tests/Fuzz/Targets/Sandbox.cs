using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Fuzz.Targets;

/// <summary>Stores that inputs go into, beside a folder that none of them may touch.</summary>
internal sealed class Sandbox
{
    private const string Witness = "here before";

    private readonly string _outside;
    private readonly string _store;
    private readonly string _work;

    public Sandbox(string scratch)
    {
        (Folder, _outside, _store, _work) = (scratch, $"{scratch}/outside", $"{scratch}/store", $"{scratch}/work");
        Content = new ContentStore($"{_store}/blobs", Ingest);
        Layers = new LayerStore($"{_store}/layers", Ingest);
        Directory.CreateDirectory(_store);
        Directory.CreateDirectory(_work);
        PlaceWitness();
    }

    public string Folder { get; }

    public ContentStore Content { get; }

    public LayerStore Layers { get; }

    public string Ingest => $"{_store}/ingest";

    /// <summary>Where the target keeps what an input consists of.</summary>
    public string PathOf(string name) => $"{_work}/{name}";

    /// <summary>Sees that nothing was done elsewhere and nothing was left behind.</summary>
    public void Check()
    {
        var complaint = !IsWitnessThere() || Names(_outside) != "file" ? "something happened outside"
            : Names(Folder) != "outside store work" ? "there is something beside the store"
            : Directory.Exists(Ingest) && Names(Ingest).Length > 0 ? "something was left in the ingest folder"
            : null;
        if (complaint is not null)
        {
            // The next input is not to blame.
            Restore();
            throw new OracleException(complaint);
        }
    }

    /// <summary>Takes away what is in the way of the next input.</summary>
    public void Clean()
    {
        FileTree.Remove(_work);
        FileTree.Remove(Ingest);
        Directory.CreateDirectory(_work);
    }

    private bool IsWitnessThere()
    {
        try
        {
            return File.ReadAllText($"{_outside}/file") == Witness;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void PlaceWitness()
    {
        Directory.CreateDirectory(_outside);
        File.WriteAllText($"{_outside}/file", Witness);
    }

    private void Restore()
    {
        foreach (var strange in Directory.GetFileSystemEntries(Folder).Where(path => path != _store && path != _work))
        {
            FileTree.Remove(strange);
        }

        PlaceWitness();
        Clean();
    }

    private static string Names(string folder) => string.Join(' ', Directory.EnumerateFileSystemEntries(folder)
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
}

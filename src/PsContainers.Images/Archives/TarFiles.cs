using PsContainers.Images.Layers;

namespace PsContainers.Images.Archives;

/// <summary>An image's files in a tar archive, found by one look through it and then read where they lie.</summary>
internal sealed class TarFiles : IImageFiles
{
    private const int MaximumEntries = 100_000;
    private const int MaximumLinks = 16;

    private readonly FileSection _archive;
    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    /// <param name="archive">Not compressed; belongs to this object from now on.</param>
    internal TarFiles(FileSection archive, CancellationToken stop)
    {
        _archive = archive;
        var reader = new TarReader(archive);
        for (var count = 0; reader.Read() is { } entry; count++)
        {
            stop.ThrowIfCancellationRequested();
            if (count == MaximumEntries)
            {
                throw new ImageFormatException($"it has more than {MaximumEntries} entries");
            }

            try
            {
                Add(entry, reader);
            }
            catch (ImageFormatException e)
            {
                throw new ImageFormatException($"entry '{entry.Name}': {e.Message}");
            }
        }
    }

    public Stream? TryOpen(string path)
    {
        var name = path;
        for (var links = 0; _links.TryGetValue(name, out var target); links++)
        {
            if (links == MaximumLinks)
            {
                throw new ImageFormatException($"{path} is a link that leads from link to link without end");
            }

            name = target;
        }

        return _files.TryGetValue(name, out var place) ? _archive.Part(place.Offset, place.Length) : null;
    }

    public void Dispose() => _archive.Dispose();

    // As if it were unpacked: the last entry of a name counts.
    private void Add(TarEntry entry, TarReader reader)
    {
        var name = LayerPath.Parse(entry.Name).Value;
        _files.Remove(name);
        _links.Remove(name);
        switch (entry.Kind)
        {
            case TarEntryKind.File:
                var start = reader.DataPosition(entry) ?? throw new ImageFormatException("it is stored as a sparse file");
                _files.Add(name, (start, entry.Size));
                break;
            case TarEntryKind.SymbolicLink:
                // `docker save` wrote a layer once and let the others point there: 1f…/layer.tar → ../8a…/layer.tar
                _links.Add(name, Resolve(LayerPath.Parse(name).Parent.Value + "/" + entry.LinkTarget, entry.LinkTarget));
                break;
            case TarEntryKind.HardLink:
                _links.Add(name, Resolve(entry.LinkTarget, entry.LinkTarget));
                break;
            case TarEntryKind.Directory:
                break;
            default:
                throw new ImageFormatException("a device node or fifo, which has no place beside an image");
        }
    }

    private static string Resolve(string path, string target)
    {
        var parts = new Stack<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part != "..")
            {
                parts.Push(part);
            }
            else if (!parts.TryPop(out _))
            {
                throw new ImageFormatException($"a link to '{target}', which lies outside");
            }
        }

        return target.StartsWith('/')
            ? throw new ImageFormatException($"a link to the absolute path '{target}'")
            : string.Join('/', parts.Reverse());
    }
}

using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Engine.Storage;

/// <summary>Looks for what is damaged, missing or abandoned in the store. Changes nothing.</summary>
public sealed class CheckStorage
{
    // Which files of a layer are named in a message.
    private const int MostNamed = 5;

    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;

    internal CheckStorage(EnginePaths paths, ImageTable images, ContentStore content, LayerStore layers)
    {
        _paths = paths;
        _images = images;
        _content = content;
        _layers = layers;
    }

    /// <param name="quick">
    /// Looks at what is there and how long it is. Otherwise every blob is read and hashed, and every layer is unpacked once more and
    /// compared with what it was unpacked to: that takes as long as importing all images, and the room of the largest layer.
    /// </param>
    public IReadOnlyList<ContainerStorageProblem> Execute(bool quick = false, CancellationToken cancellation = default)
    {
        var problems = new List<ContainerStorageProblem>(Abandoned());

        // Shared: nothing of what is looked at goes meanwhile.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        var rows = _images.AllWithHidden();
        var damaged = new HashSet<Digest>();
        problems.AddRange(Blobs(rows, quick, damaged, cancellation));
        problems.AddRange(Layers(rows, quick, damaged, cancellation));
        return problems;
    }

    // Beside imports under way nobody can tell what is abandoned.
    private List<ContainerStorageProblem> Abandoned()
    {
        using var held = FileLocks.TryAcquire(_paths.ImagesLock, isShared: false);
        if (held is null)
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFileSystemEntries(_paths.Ingest)
                .Select(path => Left(Path.GetFileName(path), "was being imported or removed", TreeSize.Of(path))),
            .. _layers.Unknown(_images.Chains()).Select(name => Left(
                name, "is a layer, or a part of one, that no image needs", TreeSize.Of(Path.Combine(_paths.Layers, name)))),
        ];
    }

    private IEnumerable<ContainerStorageProblem> Blobs(
        List<ImageRow> rows, bool quick, HashSet<Digest> damaged, CancellationToken cancellation)
    {
        var needed = new Dictionary<Digest, (List<ImageRow> Images, long? Size)>();
        foreach (var row in rows)
        {
            Need(needed, Digest.Parse(row.Manifest), row, null);
            Need(needed, Digest.Parse(row.Id), row, null);
            foreach (var layer in ImageLayerPlace.Of(row, _content))
            {
                Need(needed, layer.Archive.Digest, row, layer.Archive.Size);
            }
        }

        foreach (var (digest, (images, size)) in needed)
        {
            if (_content.SizeOf(digest) is not { } there)
            {
                damaged.Add(digest);
                yield return Problem(
                    ContainerStorageProblemKind.MissingBlob, $"{digest}",
                    "is not there; import the image again", images, 0, canRepair: false);
            }
            else if ((size is not null && size != there) || (!quick && !_content.IsIntact(digest, cancellation)))
            {
                damaged.Add(digest);
                yield return Problem(
                    ContainerStorageProblemKind.DamagedBlob, $"{digest}",
                    "is not what its name says; without it the image can be imported again", images, there, canRepair: true);
            }
        }

        foreach (var digest in _content.All().Where(digest => !needed.ContainsKey(digest)).ToList())
        {
            yield return Left($"{digest}", "is a blob that no image needs", _content.SizeOf(digest) ?? 0);
        }
    }

    private IEnumerable<ContainerStorageProblem> Layers(
        List<ImageRow> rows, bool quick, HashSet<Digest> damaged, CancellationToken cancellation)
    {
        foreach (var same in rows.SelectMany(row => row.Chains.Select((chain, i) => (chain, i, row))).GroupBy(use => use.chain))
        {
            var images = same.Select(use => use.row).ToList();
            var (position, first) = (same.First().i, same.First().row);
            var place = ImageLayerPlace.Of(first, _content) is { Count: > 0 } places ? places[position] : (ImageLayerPlace?)null;
            var canRepair = place is { } known && !damaged.Contains(known.Archive.Digest);
            var size = TreeSize.Of(_layers.PathOf(same.Key));
            if (WhatIsMissing(same.Key) is { } missing)
            {
                yield return Problem(ContainerStorageProblemKind.MissingLayer, $"{same.Key}", missing, images, size, canRepair);
            }
            else if (!quick && canRepair && Differences(place!.Value, cancellation) is { Length: > 0 } differences)
            {
                yield return Problem(ContainerStorageProblemKind.DamagedLayer, $"{same.Key}", differences, images, size, canRepair);
            }
        }
    }

    private string? WhatIsMissing(Digest chain)
    {
        try
        {
            return _layers.Contains(chain) ? null : Directory.Exists(_layers.PathOf(chain)) ? "has no record" : "is not unpacked";
        }
        catch (ImageFormatException e)
        {
            return e.Message;
        }
    }

    private string Differences(ImageLayerPlace place, CancellationToken cancellation)
    {
        try
        {
            using var blob = _content.Open(place.Archive.Digest);
            var paths = _layers.Verify(blob, place.Parent, place.DiffId, MostNamed + 1, cancellation);
            return paths.Count == 0
                ? ""
                : $"differs from its archive in {string.Join(", ", paths.Take(MostNamed).Select(ForeignText.Readable))}"
                    + (paths.Count > MostNamed ? " and more" : "");
        }
        catch (ImageFormatException e)
        {
            // What it lies on is missing, and reported as such.
            return $"cannot be compared with its archive: {e.Message}";
        }
    }

    private static void Need(Dictionary<Digest, (List<ImageRow> Images, long? Size)> needed, Digest digest, ImageRow row, long? size)
    {
        if (!needed.TryGetValue(digest, out var known))
        {
            needed.Add(digest, known = ([], size));
        }

        known.Images.Add(row);
    }

    private static ContainerStorageProblem Left(string name, string description, long size) =>
        Problem(ContainerStorageProblemKind.Abandoned, name, description, [], size, canRepair: true);

    private static ContainerStorageProblem Problem(
        ContainerStorageProblemKind kind, string name, string description, IEnumerable<ImageRow> images, long size, bool canRepair) => new()
        {
            Kind = kind,
            Name = name,
            Description = description,
            Images = [.. images.Select(image => ImageModel.Of(image).Name).Distinct(StringComparer.Ordinal)],
            Size = size,
            CanRepair = canRepair,
        };
}

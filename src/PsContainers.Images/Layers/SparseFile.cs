using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Where a file of this machine has data, when it is mostly holes.</summary>
internal static class SparseFile
{
    // Smaller ones are written out: every tool reads those, and zeros compress well.
    private const long LeastSaving = 1024 * 1024;

    // Each piece takes two lines of the map that precedes the data.
    private const int MaximumPieces = 10_000;

    /// <summary>The pieces with data in order; null for a file to be written whole.</summary>
    internal static IReadOnlyList<(long Offset, long Length)>? MapOf(OpenFile file, long size)
    {
        var map = new List<(long Offset, long Length)>();
        long stored = 0;
        for (var at = file.NextData(0); at < size && map.Count < MaximumPieces; at = file.NextData(at))
        {
            var end = Math.Min(file.NextHole(at), size);
            map.Add((at, end - at));
            stored += end - at;
            at = end;
        }

        if (map.Count == MaximumPieces || size - stored < LeastSaving)
        {
            return null;
        }

        // GNU tar takes the end of the last piece for that of the file.
        return map.Count > 0 && map[^1].Offset + map[^1].Length == size ? map : [.. map, (size, 0)];
    }
}

namespace PsContainers.Images.Layers;

/// <summary>Where the stored bytes of a sparse file belong; what lies between is a hole.</summary>
internal sealed class SparseMap
{
    // A map of a million pieces fills 24 MiB of archive; nobody's file is in more pieces.
    internal const int MaximumPieces = 1024 * 1024;

    private SparseMap(IReadOnlyList<(long Offset, long Length)> pieces, long realSize) => (Pieces, RealSize) = (pieces, realSize);

    internal IReadOnlyList<(long Offset, long Length)> Pieces { get; }

    internal long RealSize { get; }

    /// <summary>Checks offsets and lengths, which alternate: in order, apart, inside the file, as long as what is stored.</summary>
    internal static SparseMap Of(List<long> numbers, long realSize, long storedSize)
    {
        var pieces = new List<(long Offset, long Length)>(numbers.Count / 2);
        long end = 0;
        var left = storedSize;
        for (var i = 0; i + 1 < numbers.Count; i += 2)
        {
            var (offset, length) = (numbers[i], numbers[i + 1]);
            if (offset < end || length < 0 || length > left || offset > realSize - length)
            {
                throw new ImageFormatException("the map of a sparse file does not fit the file");
            }

            end = offset + length;
            left -= length;
            if (length > 0)
            {
                pieces.Add((offset, length));
            }
        }

        return left == 0 && numbers.Count % 2 == 0
            ? new SparseMap(pieces, realSize)
            : throw new ImageFormatException("the map of a sparse file does not cover what is stored of it");
    }
}

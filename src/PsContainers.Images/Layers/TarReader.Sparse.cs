using System.Buffers.Text;

namespace PsContainers.Images.Layers;

/// <summary>Maps of sparse files, in the header and its extensions (old GNU) or in front of the data (PAX 1.0).</summary>
public sealed partial class TarReader
{
    private const int RealSizeField = 483;

    private SparseMap OldSparseMap(TarBlock block, long storedSize)
    {
        if (!block.HasGnuMagic)
        {
            throw new ImageFormatException("a sparse file in a header that is not GNU's");
        }

        var numbers = new List<long>();
        var realSize = block.Number(RealSizeField, 12, "size");
        AddPieces(block, 386, 4, numbers);
        for (var isExtended = block.IsSparseExtended; isExtended;)
        {
            if (!_input.TryBlock(out var bytes))
            {
                throw new ImageFormatException("the map of a sparse file is cut short");
            }

            var extension = new TarBlock(bytes);
            AddPieces(extension, 0, 21, numbers);
            isExtended = bytes[504] != 0;
        }

        return SparseMap.Of(numbers, realSize, storedSize);
    }

    // Pairs of twelve bytes each; the first that is blank ends the list.
    private static void AddPieces(TarBlock block, int start, int count, List<long> numbers)
    {
        for (var i = 0; i < count; i++)
        {
            var offset = block.Number(start + (i * 24), 12, "sparse map");
            var length = block.Number(start + (i * 24) + 12, 12, "sparse map");
            if (offset == 0 && length == 0)
            {
                continue;
            }

            AddPiece(numbers, offset, length);
        }
    }

    private static void AddPiece(List<long> numbers, long offset, long length)
    {
        if (numbers.Count / 2 == SparseMap.MaximumPieces)
        {
            throw new ImageFormatException("the map of a sparse file has too many pieces");
        }

        numbers.Add(offset);
        numbers.Add(length);
    }

    private SparseMap PaxSparseMap(PaxSparse sparse, ref long storedSize)
    {
        if (!sparse.HasMapInData)
        {
            return sparse.Map(storedSize);
        }

        // Decimal numbers, one a line, the first being how many pairs follow; filled up to whole blocks.
        var start = _input.Position;
        var numbers = new List<long>();
        var line = new MapLines(_input);
        var pairs = line.Next();
        for (long i = 0; i < pairs; i++)
        {
            AddPiece(numbers, line.Next(), line.Next());
        }

        storedSize -= _input.Position - start;
        return storedSize >= 0 && sparse.RealSize is { } realSize
            ? SparseMap.Of(numbers, realSize, storedSize)
            : throw new ImageFormatException("the map of a sparse file does not fit the file");
    }

    private ref struct MapLines(TarInput input)
    {
        private ReadOnlySpan<byte> _rest;

        internal long Next()
        {
            Span<byte> digits = stackalloc byte[20];
            for (var length = 0; length < digits.Length; length++)
            {
                if (_rest.IsEmpty && !input.TryBlock(out _rest))
                {
                    break;
                }

                digits[length] = _rest[0];
                _rest = _rest[1..];
                if (digits[length] == '\n')
                {
                    return Utf8Parser.TryParse(digits[..length], out long number, out var parsed) && parsed == length && number >= 0
                        ? number
                        : throw new ImageFormatException("the map of a sparse file is not a list of numbers");
                }
            }

            throw new ImageFormatException("the map of a sparse file is not a list of numbers");
        }
    }
}

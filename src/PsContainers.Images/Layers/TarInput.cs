using System.Globalization;

namespace PsContainers.Images.Layers;

/// <summary>The bytes of an archive in order, through one buffer that blocks and data are looked at in place.</summary>
internal sealed class TarInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    private int _start;
    private int _end;

    /// <summary>How many bytes were taken.</summary>
    internal long Position { get; private set; }

    /// <summary>The next 512 bytes, valid until the next call; false at the end of the archive.</summary>
    internal bool TryBlock(out ReadOnlySpan<byte> block)
    {
        if (!Fill(TarBlock.Length))
        {
            block = default;
            return _end == _start ? false : throw CutShort();
        }

        block = Take(TarBlock.Length);
        return true;
    }

    /// <summary>The content of a header that describes the next one, with its padding taken too.</summary>
    internal ReadOnlySpan<byte> Extension(long size)
    {
        if (size is < 0 or > PaxHeader.MaximumLength)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"an extended header of {size} bytes is more than the {PaxHeader.MaximumLength} that are read"));
        }

        var content = new byte[size];
        for (var done = 0; done < content.Length;)
        {
            var some = Some(content.Length - done);
            some.CopyTo(content.AsSpan(done));
            done += some.Length;
        }

        Skip(-size & (TarBlock.Length - 1));
        return content;
    }

    /// <summary>At least one and at most so many bytes, valid until the next call.</summary>
    internal ReadOnlySpan<byte> Some(long most) =>
        Fill(1) ? Take((int)Math.Min(most, _end - _start)) : throw CutShort();

    internal void Skip(long count)
    {
        var beyond = count - (_end - _start);
        if (beyond > 0 && stream.CanSeek)
        {
            if (stream.Length - stream.Position < beyond)
            {
                throw CutShort();
            }

            stream.Position += beyond;
            (_start, _end) = (0, 0);
            Position += count;
            return;
        }

        while (count > 0)
        {
            count -= Some(count).Length;
        }
    }

    private static ImageFormatException CutShort() => new("the tar archive is cut short");

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _buffer.AsSpan(_start, count);
        _start += count;
        Position += count;
        return taken;
    }

    private bool Fill(int wanted)
    {
        if (_end - _start >= wanted)
        {
            return true;
        }

        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        (_start, _end) = (0, _end - _start);
        while (_end < wanted)
        {
            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}

namespace PsContainers.Images.Layers;

/// <summary>Compressed bytes on their way to an inflater, the last of which can be taken back.</summary>
internal sealed class GzipInput(Stream stream) : ForwardStream
{
    private const int Piece = 8 * 1024;

    // What was handed out lately, then what was read ahead: [0, _position) and [_position, _end).
    private readonly byte[] _buffer = new byte[256 * 1024];

    private int _position;
    private int _end;

    // Where the last piece begins that was handed out, and the one before. An inflater may hold the last bytes of a member
    // in its registers and ask for one more piece before it notices the end.
    private int _lastPiece;
    private int _formerPiece;

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(buffer.Length, Piece), Available(1));
        (_formerPiece, _lastPiece) = (_lastPiece, _position);
        _buffer.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int ReadByte() => Available(1) == 0 ? -1 : _buffer[_position++];

    /// <summary>Says that an inflater begins here.</summary>
    internal void BeginMember() => (_formerPiece, _lastPiece) = (_position, _position);

    /// <summary>Goes to the end of the member that was just inflated; false when its trailer is not where it could be.</summary>
    internal bool TryEndMember(ReadOnlySpan<byte> trailer)
    {
        Available(trailer.Length + 3);
        var end = -1;
        for (var start = _formerPiece; start + trailer.Length <= _end && start <= _position; start++)
        {
            var found = _buffer.AsSpan(start, _end - start).IndexOf(trailer);
            if (found < 0)
            {
                break;
            }

            // The eight bytes may stand there by chance; the end of the file or another member behind them settles it.
            start += found;
            end = start + trailer.Length;
            if (end == _end || _buffer.AsSpan(end, _end - end).StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]))
            {
                break;
            }
        }

        _position = Math.Max(end, 0);
        return end >= 0;
    }

    private int Available(int wanted)
    {
        while (_end - _position < wanted)
        {
            if (_end == _buffer.Length)
            {
                var dropped = _formerPiece;
                Buffer.BlockCopy(_buffer, dropped, _buffer, 0, _end - dropped);
                (_position, _end, _lastPiece, _formerPiece) = (_position - dropped, _end - dropped, _lastPiece - dropped, 0);
            }

            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                break;
            }

            _end += read;
        }

        return _end - _position;
    }
}

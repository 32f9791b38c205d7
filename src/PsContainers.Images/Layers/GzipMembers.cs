using System.Buffers.Binary;
using System.IO.Compression;

namespace PsContainers.Images.Layers;

/// <summary>Decompresses gzip and refuses what is cut short, damaged or followed by anything else.</summary>
/// <remarks>
/// GZipStream takes a file that ends early for complete and overlooks what follows the last member. DeflateStream reads beyond a
/// member's end without saying how far, but the eight bytes that follow are known by then: checksum and length of what came out.
/// </remarks>
internal sealed class GzipMembers(Stream stream) : ForwardStream
{
    private readonly GzipInput _input = new(stream);
    private readonly byte[] _trailer = new byte[8];

    private DeflateStream? _member;
    private uint _crc;
    private uint _length;
    private bool _isFirst = true;

    public override int Read(Span<byte> buffer)
    {
        while (_member is not null || TryBegin())
        {
            var read = _member!.Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                _crc = Crc32.Add(_crc, buffer[..read]);
                _length += (uint)read;
                return read;
            }

            End();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        _member?.Dispose();
        base.Dispose(disposing);
    }

    // RFC 1952, section 2.3: two magic bytes, method, flags, time, extra flags, system; then what the flags say.
    private bool TryBegin()
    {
        var first = _input.ReadByte();
        if (first < 0)
        {
            return false;
        }

        if (first != 0x1f || _input.ReadByte() != 0x8b || Byte() != 8)
        {
            throw new InvalidDataException(_isFirst ? "the gzip header is malformed" : "the gzip data is followed by something else");
        }

        var flags = Byte();
        Skip(6);
        if ((flags & 4) != 0)
        {
            Skip(Byte() | (Byte() << 8));
        }

        for (var texts = ((flags >> 3) & 1) + ((flags >> 4) & 1); texts > 0; texts--)
        {
            while (Byte() != 0)
            {
            }
        }

        Skip((flags & 2) != 0 ? 2 : 0);
        (_crc, _length, _isFirst) = (0, 0, false);
        _input.BeginMember();
        _member = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    private void End()
    {
        _member!.Dispose();
        _member = null;
        BinaryPrimitives.WriteUInt32LittleEndian(_trailer, _crc);
        BinaryPrimitives.WriteUInt32LittleEndian(_trailer.AsSpan(4), _length);
        if (!_input.TryEndMember(_trailer))
        {
            throw new InvalidDataException("the gzip data is cut short or damaged");
        }
    }

    private int Byte()
    {
        var value = _input.ReadByte();
        return value >= 0 ? value : throw new InvalidDataException("the gzip header is cut short");
    }

    private void Skip(int count)
    {
        for (; count > 0; count--)
        {
            Byte();
        }
    }
}

using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>Some bytes of a file as a stream of their own.</summary>
internal sealed class FileSection(OpenFile file, long start, long length, bool ownsFile) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>Null when what has the name is not a regular file: a device or fifo is never read.</summary>
    internal static FileSection? OpenWhole(DirectoryDescriptor directory, string name)
    {
        if (directory.StatusOf(name) is not { Kind: FileKind.Regular })
        {
            return null;
        }

        var file = directory.OpenFile(name);
        if (file.Status is { Kind: FileKind.Regular } status)
        {
            return new(file, 0, status.Size, ownsFile: true);
        }

        file.Dispose();
        return null;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        var read = wanted == 0 ? 0 : file.ReadAt(buffer[..wanted], start + _position);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    /// <summary>A part of this section, of use as long as this one is open.</summary>
    internal FileSection Part(long offset, long partLength) => new(file, start + offset, partLength, ownsFile: false);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsFile)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}

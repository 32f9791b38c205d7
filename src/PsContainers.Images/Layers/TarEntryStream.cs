namespace PsContainers.Images.Layers;

/// <summary>The data of the entry a reader stands at, as a stream with holes read as zeros; of use until the reader goes on.</summary>
public sealed class TarEntryStream(TarReader reader, TarEntry entry) : ForwardStream
{
    private long _position;

    public override long Length => entry.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var next = reader.NextOffset ?? entry.Size;
        int count;
        if (_position < next)
        {
            count = (int)Math.Min(buffer.Length, next - _position);
            buffer[..count].Clear();
        }
        else
        {
            var data = buffer.IsEmpty ? [] : reader.ReadData(buffer.Length, out _);
            data.CopyTo(buffer);
            count = data.Length;
        }

        _position += count;
        return count;
    }
}

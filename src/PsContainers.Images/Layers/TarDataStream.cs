namespace PsContainers.Images.Layers;

/// <summary>The data of the entry that a tar writer has begun, as a stream to copy to.</summary>
internal sealed class TarDataStream(TarWriter tar) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => tar.WriteData(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => tar.WriteData(buffer);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

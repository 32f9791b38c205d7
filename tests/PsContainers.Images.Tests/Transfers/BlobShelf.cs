using System.Collections.Concurrent;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Transfers;

/// <summary>Hands out blobs as a registry does, as slowly and as badly as a test wants it.</summary>
internal sealed class BlobShelf
{
    private readonly ConcurrentDictionary<Digest, byte[]> _blobs = new();

    /// <summary>What was asked for, in this order.</summary>
    internal ConcurrentQueue<(Digest Blob, long Offset)> Requests { get; } = new();

    /// <summary>Called with the position before each piece of a blob is given; may wait, or fail as a connection does.</summary>
    internal Func<Descriptor, long, CancellationToken, Task> BeforePiece { get; set; } = (_, _, _) => Task.CompletedTask;

    internal int PieceLength { get; set; } = 64 * 1024;

    internal byte[] this[Digest digest]
    {
        get => _blobs[digest];
        set => _blobs[digest] = value;
    }

    internal BlobSource Source => (blob, offset, _) =>
    {
        Requests.Enqueue((blob.Digest, offset));
        return Task.FromResult<Stream>(new PieceStream(this, blob, offset));
    };

    private sealed class PieceStream(BlobShelf shelf, Descriptor blob, long position) : Stream
    {
        private long _position = position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await shelf.BeforePiece(blob, _position, cancellationToken);
            var content = shelf[blob.Digest].AsMemory((int)_position);
            var count = Math.Min(Math.Min(buffer.Length, shelf.PieceLength), content.Length);
            content[..count].CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

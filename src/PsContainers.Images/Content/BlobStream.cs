using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using PsContainers.Oci;

namespace PsContainers.Images.Content;

/// <summary>Writes content to a file and hashes it on the way.</summary>
public sealed class BlobStream : Stream
{
    private readonly ContentStaging _staging;
    private readonly string _path;
    private readonly Digest? _expected;
    private readonly IncrementalHash _hash;
    private readonly SafeFileHandle _file;

    private long _length;

    internal BlobStream(ContentStaging staging, string path, Digest? expected)
    {
        (_staging, _path, _expected) = (staging, path, expected);
        _hash = expected?.CreateHash() ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RandomAccess.Write(_file, buffer, _length);
        _hash.AppendData(buffer);
        _length += buffer.Length;
    }

    /// <summary>Ends the content, compares its digest and hands it to the staging.</summary>
    public StoredBlob Finish()
    {
        var digest = Digest.FromHash(_hash.GetHashAndReset());
        if (_expected is { } expected && digest != expected)
        {
            throw new ImageFormatException($"its digest is {digest} instead of {expected}");
        }

        _staging.Add(digest, _path);
        return new(digest, _length);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}

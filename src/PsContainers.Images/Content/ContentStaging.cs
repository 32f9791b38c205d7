using System.Globalization;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Content;

/// <summary>Content on its way into the store. Unless it is committed, nothing of it stays.</summary>
public sealed class ContentStaging : IDisposable
{
    private readonly ContentStore _store;
    private readonly string _work;
    private readonly Dictionary<Digest, string> _files = [];
    private readonly byte[] _buffer = new byte[256 * 1024];

    private int _count;

    internal ContentStaging(ContentStore store, string work) => (_store, _work) = (store, work);

    public bool Contains(Digest digest) => _files.ContainsKey(digest) || _store.Contains(digest);

    /// <summary>Takes in a document and compares it with the digest it should have; without one it is named by SHA-256.</summary>
    public StoredBlob Put(ReadOnlySpan<byte> content, Digest? expected = null)
    {
        using var blob = Begin(expected);
        blob.Write(content);
        return blob.Finish();
    }

    /// <summary>Takes in a stream of known length and compares it with the digest it should have, as for a document.</summary>
    public StoredBlob Put(Stream content, Digest? expected, long length, CancellationToken stop)
    {
        if (expected is { } known && Contains(known))
        {
            return Present(known, length);
        }

        using var blob = Begin(expected);
        for (int read; (read = content.Read(_buffer)) > 0;)
        {
            stop.ThrowIfCancellationRequested();
            blob.Write(_buffer.AsSpan(0, read));
            if (blob.Position > length)
            {
                throw new ImageFormatException($"it is longer than the {length} bytes it should have");
            }
        }

        return blob.Position == length
            ? blob.Finish()
            : throw new ImageFormatException(
                $"it is cut short: {blob.Position} of {length} bytes are there");
    }

    /// <summary>Begins content that is written piece by piece and becomes part of this by <see cref="BlobStream.Finish"/>.</summary>
    public BlobStream Begin(Digest? expected = null) => new(this, NextPath(), expected);

    /// <summary>Reads content that is here or in the store.</summary>
    public Stream Open(Digest digest) => _files.TryGetValue(digest, out var path) ? ContentStore.OpenFile(path) : _store.Open(digest);

    /// <summary>Puts everything into the store, for good.</summary>
    public void Commit()
    {
        Synchronize();
        MoveToStore();
    }

    /// <summary>A file of this staging's own, which goes with it.</summary>
    internal string NextPath()
    {
        Directory.CreateDirectory(_work, ContentStore.OwnerOnly);
        return Path.Combine(_work, (++_count).ToString(CultureInfo.InvariantCulture));
    }

    internal void Add(Digest digest, string path)
    {
        if (Contains(digest))
        {
            File.Delete(path);
        }
        else
        {
            _files.Add(digest, path);
        }
    }

    /// <summary>Takes in a file from elsewhere, already checked; unless this is committed, it stays where it is.</summary>
    internal void Adopt(Digest digest, string path)
    {
        if (!Contains(digest))
        {
            _files.Add(digest, path);
        }
    }

    /// <summary>Brings everything to disk: a rename may not arrive there before what it renames.</summary>
    internal void Synchronize()
    {
        if (_files.Count > 0)
        {
            using var work = DirectoryDescriptor.Open(_work);
            work.SynchronizeFileSystem();
        }
    }

    /// <summary>Puts into the store what is on disk already.</summary>
    internal void MoveToStore()
    {
        _store.Adopt(_files.Select(file => (file.Key, file.Value)));
        _files.Clear();
        _store.Synchronize();
    }

    public void Dispose() => FileTree.Remove(_work);

    private StoredBlob Present(Digest digest, long length)
    {
        using var stream = Open(digest);
        return stream.Length == length
            ? new(digest, length)
            : throw new ImageFormatException(
                $"its length is given as {length}, but the content of this digest has {stream.Length} bytes");
    }
}

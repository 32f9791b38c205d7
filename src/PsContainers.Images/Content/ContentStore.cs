using Microsoft.Win32.SafeHandles;
using PsContainers.Images.Archives;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Content;

/// <summary>Manifests, configurations and layers as they came, each a file that its digest names: `‹directory›/sha256/‹hex›`.</summary>
/// <remarks>A file is there completely or not at all: what arrives is written elsewhere (<see cref="Stage"/>) and renamed.</remarks>
public sealed class ContentStore(string directory, string ingestDirectory)
{
    /// <summary>For root alone: an image may hold secrets and setuid programs.</summary>
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Notes of what its content is being written to.</summary>
    internal TargetNotes TargetNotes => new(ingestDirectory);

    /// <summary>Begins to take in content, which is in the store once all of it is.</summary>
    public ContentStaging Stage() => new(this, Path.Combine(ingestDirectory, Guid.NewGuid().ToString("N")));

    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Null when the content is not there.</summary>
    public long? SizeOf(Digest digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    public Stream Open(Digest digest)
    {
        try
        {
            return OpenFile(PathOf(digest));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageFormatException($"{digest} is not in the store");
        }
    }

    /// <summary>A whole document, its digest checked; null when it is not there.</summary>
    public byte[]? TryRead(Digest digest)
    {
        if (!Contains(digest))
        {
            return null;
        }

        using var stream = Open(digest);
        if (stream.Length > ImageDocument.MaximumLength)
        {
            throw new ImageFormatException($"{digest} has {stream.Length} bytes: that is not a document");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        using var hash = digest.CreateHash();
        hash.AppendData(bytes);
        return Digest.FromHash(hash.GetCurrentHash()) == digest
            ? bytes
            : throw new ImageFormatException($"{digest} in the store is damaged");
    }

    /// <summary>Whether the content is what its digest says; it has to be there.</summary>
    public bool IsIntact(Digest digest, CancellationToken stop)
    {
        using var stream = Open(digest);
        using var hash = digest.CreateHash();
        var buffer = new byte[256 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Digest.FromHash(hash.GetCurrentHash()) == digest;
    }

    /// <summary>Removes content; what is not there is fine.</summary>
    public void Delete(Digest digest)
    {
        if (Contains(digest))
        {
            File.Delete(PathOf(digest));
        }
    }

    /// <summary>Removes everything that is not named.</summary>
    public void RemoveAllExcept(IReadOnlySet<Digest> live)
    {
        foreach (var digest in All().Where(digest => !live.Contains(digest)).ToList())
        {
            Delete(digest);
        }
    }

    /// <summary>What is in the store.</summary>
    public IEnumerable<Digest> All()
    {
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateDirectories(directory).SelectMany(Directory.EnumerateFiles))
        {
            if (Digest.TryParse($"{Path.GetFileName(Path.GetDirectoryName(path))}:{Path.GetFileName(path)}", out var digest))
            {
                yield return digest;
            }
        }
    }

    internal SafeFileHandle OpenHandle(Digest digest) => File.OpenHandle(PathOf(digest), options: FileOptions.SequentialScan);

    internal static FileStream OpenFile(string path) =>
        new(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });

    /// <summary>Takes over files that are on disk already. They have the names that their digests say.</summary>
    internal void Adopt(IEnumerable<(Digest Digest, string Path)> files)
    {
        foreach (var algorithm in files.GroupBy(file => file.Digest.Algorithm))
        {
            var folder = Path.Combine(directory, algorithm.Key);
            Directory.CreateDirectory(folder, OwnerOnly);
            foreach (var (digest, path) in algorithm)
            {
                try
                {
                    // Another import may have brought the same bytes meanwhile; either copy will do.
                    File.Move(path, PathOf(digest), overwrite: true);
                }
                catch (FileNotFoundException) when (Contains(digest))
                {
                    // Two shells fetched the image, and the other one has stored what they share.
                }
            }
        }
    }

    /// <summary>Brings to disk which content there is, also what another import has just put here and may not have come to do it.</summary>
    internal void Synchronize()
    {
        Directory.CreateDirectory(directory, OwnerOnly);
        foreach (var folder in Directory.EnumerateDirectories(directory).Prepend(directory))
        {
            using var kept = DirectoryDescriptor.Open(folder);
            kept.Synchronize();
        }
    }

    private string PathOf(Digest digest) => Path.Combine(directory, digest.Algorithm, digest.Hex);
}

using PsContainers.Images.Layers;
using PsContainers.Linux;
using ZstdSharp;

namespace PsContainers.Images.Archives;

/// <summary>An archive's file, decompressed when the whole of it is compressed.</summary>
internal static class ArchiveFile
{
    /// <summary>The file as it is. Links that lead to it are followed, and what they lead to is opened as a file.</summary>
    internal static FileSection Open(string path)
    {
        var real = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        using var directory = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(real)!);
        if (directory.StatusOf(Path.GetFileName(real)) is null)
        {
            throw new FileNotFoundException($"there is nothing at '{path}'", path);
        }

        return FileSection.OpenWhole(directory, Path.GetFileName(real)) ?? throw new ImageFormatException("it is not a regular file");
    }

    /// <summary>The uncompressed archive, which can be read anywhere; what had to be decompressed lies among the staging's files.</summary>
    internal static FileSection OpenPlain(string path, ImageStaging staging)
    {
        var file = Open(path);
        var isPlain = false;
        try
        {
            var archive = LayerCompression.Open(file, out var compressed);
            if (ReferenceEquals(archive, compressed))
            {
                isPlain = true;
                file.Position = 0;
                return file;
            }

            using (archive)
            {
                var plain = staging.Content.NextPath();
                Decompress(archive, file, plain, staging);
                return Open(plain);
            }
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new ImageFormatException($"it cannot be decompressed: {e.Message}");
        }
        finally
        {
            if (!isPlain)
            {
                file.Dispose();
            }
        }
    }

    private static void Decompress(Stream archive, FileSection file, string path, ImageStaging staging)
    {
        using var plain = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[256 * 1024];
        long total = 0;
        for (int read; (read = archive.Read(buffer)) > 0; total += read)
        {
            staging.Stop.ThrowIfCancellationRequested();
            staging.Limits.Guard(total + read, file.Position);
            RandomAccess.Write(plain, buffer.AsSpan(0, read), total);
        }
    }
}

using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>A file being written for a user: under its name it is complete and on disk, or not at all.</summary>
public sealed class TargetFile : IDisposable
{
    private const int BufferLength = 1024 * 1024;

    private readonly string _path;
    private readonly string _work;

    private TargetFile(string path)
    {
        _path = Path.GetFullPath(path);
        _work = BesideOf(_path);
        Stream = new FileStream(
            _work, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = BufferLength });
    }

    public FileStream Stream { get; }

    /// <summary>Begins beside the file, on the same file system.</summary>
    public static TargetFile Begin(string path) => new(path);

    /// <summary>Brings everything to disk and gives it its name.</summary>
    /// <exception cref="IOException">The name is taken, and nobody said that what has it may go.</exception>
    public void Commit(bool overwrite)
    {
        Stream.Flush(flushToDisk: true);
        if (Directory.Exists(_path) || (!overwrite && Path.Exists(_path)))
        {
            throw new IOException($"'{_path}' is there already");
        }

        File.Move(_work, _path, overwrite);
        Synchronize(Path.GetDirectoryName(_path)!);
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(_work);
    }

    internal static string BesideOf(string path) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");

    internal static void Synchronize(string folder)
    {
        using var directory = DirectoryDescriptor.OpenFollowing(folder);
        directory.Synchronize();
    }
}

using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>Files of an image that go into a folder, which has its name once all of them are there, and on disk.</summary>
internal sealed class FolderTarget : IExportTarget, IDisposable
{
    private readonly string _path;
    private readonly string _work;

    private FolderTarget(string path)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _work = TargetFile.BesideOf(_path);
    }

    internal static FolderTarget Begin(string path)
    {
        var target = new FolderTarget(path);
        if (!Directory.Exists(Path.GetDirectoryName(target._work)))
        {
            throw new DirectoryNotFoundException($"the folder '{Path.GetDirectoryName(target._work)}' does not exist");
        }

        Directory.CreateDirectory(target._work);
        return target;
    }

    public void Add(string path, long size, Action<Stream> write)
    {
        var full = Path.Combine(_work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        using var file = new FileStream(
            full, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, PreallocationSize = size });
        write(file);
    }

    internal void Commit(bool overwrite)
    {
        using (var folder = DirectoryDescriptor.Open(_work))
        {
            folder.SynchronizeFileSystem();
        }

        var replaced = Directory.Exists(_path) ? SetAside(overwrite) : null;
        Directory.Move(_work, _path);
        TargetFile.Synchronize(Path.GetDirectoryName(_path)!);
        if (replaced is not null)
        {
            FileTree.Remove(replaced);
        }
    }

    public void Dispose() => FileTree.Remove(_work);

    // Nothing but a layout is ever replaced, whatever somebody forces: the path may be mistyped.
    private string SetAside(bool overwrite)
    {
        if (!overwrite || !File.Exists(Path.Combine(_path, OciLayout.Marker)))
        {
            throw new IOException($"'{_path}' is there already" + (overwrite ? ", and is no OCI layout" : ""));
        }

        var aside = TargetFile.BesideOf(_path);
        Directory.Move(_path, aside);
        return aside;
    }
}

using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>Files of an image that go into a folder, which has its name once all of them are there, and on disk.</summary>
internal sealed class FolderTarget : IExportTarget, IDisposable
{
    private readonly TargetNote _note;

    private FolderTarget(TargetNote note) => _note = note;

    internal static FolderTarget Begin(string path, TargetNotes notes)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!Directory.Exists(parent))
        {
            throw new DirectoryNotFoundException($"the folder '{parent}' does not exist");
        }

        var target = new FolderTarget(notes.Begin(path));
        var isMade = false;
        try
        {
            Directory.CreateDirectory(target._note.Work);
            isMade = true;
            return target;
        }
        finally
        {
            if (!isMade)
            {
                target.Dispose();
            }
        }
    }

    public void Add(string path, long size, Action<Stream> write)
    {
        var full = Path.Combine(_note.Work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        using var file = new FileStream(
            full, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        write(file);
    }

    internal void Commit(bool overwrite)
    {
        using (var folder = DirectoryDescriptor.Open(_note.Work))
        {
            folder.SynchronizeFileSystem();
        }

        if (Directory.Exists(_note.Path))
        {
            RefuseToReplace(overwrite);
            Replace();
        }
        else
        {
            Directory.Move(_note.Work, _note.Path);
        }

        TargetFile.Synchronize(Path.GetDirectoryName(_note.Path)!);
    }

    public void Dispose()
    {
        FileTree.Remove(_note.Work);
        _note.Dispose();
    }

    // Nothing but a layout is ever replaced, whatever somebody forces: the path may be mistyped.
    private void RefuseToReplace(bool overwrite)
    {
        if (!overwrite || !File.Exists(Path.Combine(_note.Path, OciLayout.Marker)))
        {
            throw new IOException($"'{_note.Path}' is there already" + (overwrite ? ", and is no OCI layout" : ""));
        }
    }

    // In one step where the file system can: at every moment one of the two has the name. The former one goes with the work folder.
    private void Replace()
    {
        using var parent = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(_note.Path)!);
        if (!parent.TryExchange(Path.GetFileName(_note.Work), Path.GetFileName(_note.Path)))
        {
            // No note tells of it: were this session killed here, it would be all there is.
            var aside = _note.Work + ".old";
            Directory.Move(_note.Path, aside);
            Directory.Move(_note.Work, _note.Path);
            FileTree.Remove(aside);
        }
    }
}

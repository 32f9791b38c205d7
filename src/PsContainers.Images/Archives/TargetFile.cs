using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>A file being written for a user: under its name it is complete and on disk, or not at all.</summary>
public sealed class TargetFile : IDisposable
{
    private const int BufferLength = 1024 * 1024;

    private readonly TargetNote _note;

    private TargetFile(TargetNote note)
    {
        _note = note;
        Stream = new FileStream(
            note.Work, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = BufferLength });
    }

    public FileStream Stream { get; }

    /// <summary>Begins beside the file, on the same file system.</summary>
    public static TargetFile Begin(string path, TargetNotes notes)
    {
        var note = notes.Begin(path);
        TargetFile? file = null;
        try
        {
            file = new TargetFile(note);
            return file;
        }
        finally
        {
            if (file is null)
            {
                note.Dispose();
            }
        }
    }

    /// <summary>Brings everything to disk and gives it its name.</summary>
    /// <exception cref="IOException">The name is taken, and nobody said that what has it may go.</exception>
    public void Commit(bool overwrite)
    {
        Stream.Flush(flushToDisk: true);
        if (Directory.Exists(_note.Path) || (!overwrite && Path.Exists(_note.Path)))
        {
            throw new IOException($"'{_note.Path}' is there already");
        }

        File.Move(_note.Work, _note.Path, overwrite);
        Synchronize(Path.GetDirectoryName(_note.Path)!);
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        // What cannot be written any more cannot be flushed either, and goes all the same.
        try
        {
            Stream.Dispose();
        }
        finally
        {
            File.Delete(_note.Work);
            _note.Dispose();
        }
    }

    internal static void Synchronize(string folder)
    {
        using var directory = DirectoryDescriptor.OpenFollowing(folder);
        directory.Synchronize();
    }
}

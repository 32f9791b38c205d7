using Microsoft.Win32.SafeHandles;
using PsContainers.Linux;

namespace PsContainers.Engine.Logs;

/// <summary>
/// A container's log as it lies on the disk: <c>log</c>, and older parts as <c>log.1</c>, <c>log.2</c> …, which a rotation renames.
/// </summary>
internal sealed class LogFiles(string path)
{
    private const int MostFiles = 100;

    // A rotation moves name by name and leaves one empty for a moment; one that was killed leaves it empty until the next.
    private const int MostMissing = 2;

    /// <summary>The files that exist, oldest first, held open: a rotation in the middle of reading changes nothing.</summary>
    public List<SafeFileHandle> OpenAll()
    {
        // From the newest on: a file only ever moves to a higher number, so none gets past us, and at most it is met twice.
        var files = new List<SafeFileHandle>();
        var missing = 0;
        for (var number = 0; number < MostFiles && missing <= MostMissing; number++)
        {
            if (TryOpen(number) is { } file)
            {
                files.Insert(0, file);
                missing = 0;
            }
            else
            {
                missing++;
            }
        }

        return WithoutRepetition(files);
    }

    /// <summary>The file that was begun after this one; null while there is none.</summary>
    public SafeFileHandle? OpenNext(SafeFileHandle current)
    {
        var identity = FileIdentity.Of(current);
        if (FileIdentity.Of(path) == identity)
        {
            return null;
        }

        // Opened together and in order: a name that is looked up by itself may mean the file after the next by then.
        var files = OpenAll();
        var at = files.FindIndex(file => FileIdentity.Of(file) == identity);

        // Not among them: rotated away altogether, and the oldest is next; or the container is gone.
        return Keep(files, at + 1);
    }

    public SafeFileHandle? OpenOldest() => Keep(OpenAll(), 0);

    private static SafeFileHandle? Keep(List<SafeFileHandle> files, int index)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (i != index)
            {
                files[i].Dispose();
            }
        }

        return index < files.Count ? files[index] : null;
    }

    // A rotation between two opens shows the same file under two names.
    private static List<SafeFileHandle> WithoutRepetition(List<SafeFileHandle> files)
    {
        var seen = new HashSet<FileIdentity>();
        var kept = new List<SafeFileHandle>();
        foreach (var file in files)
        {
            if (seen.Add(FileIdentity.Of(file)))
            {
                kept.Add(file);
            }
            else
            {
                file.Dispose();
            }
        }

        return kept;
    }

    private SafeFileHandle? TryOpen(int number)
    {
        try
        {
            return File.OpenHandle(NameOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string NameOf(int number) => number == 0 ? path : $"{path}.{number}";
}

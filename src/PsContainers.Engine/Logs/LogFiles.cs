using Microsoft.Win32.SafeHandles;
using PsContainers.Linux;

namespace PsContainers.Engine.Logs;

/// <summary>A container's log as it lies on the disk: <c>log</c>, and older parts as <c>log.1</c>, <c>log.2</c> …, which a rotation renames.</summary>
internal sealed class LogFiles(string path)
{
    private const int MostFiles = 100;

    /// <summary>The files that exist, oldest first, held open: a rotation in the middle of reading changes nothing.</summary>
    public List<SafeFileHandle> OpenAll()
    {
        var files = new List<SafeFileHandle>();
        for (var number = 0; number < MostFiles && TryOpen(number) is { } file; number++)
        {
            files.Insert(0, file);
        }

        return WithoutRepetition(files);
    }

    /// <summary>The file that was begun after this one; null while there is none.</summary>
    public SafeFileHandle? OpenNext(SafeFileHandle current)
    {
        var identity = FileIdentity.Of(current);
        for (var number = 0; number < MostFiles && FileIdentity.Of(NameOf(number)) is { } other; number++)
        {
            if (other == identity)
            {
                return number == 0 ? null : TryOpen(number - 1);
            }
        }

        // Rotated away altogether, or the container is gone.
        return OpenOldest();
    }

    public SafeFileHandle? OpenOldest()
    {
        var files = OpenAll();
        foreach (var newer in files.Skip(1))
        {
            newer.Dispose();
        }

        return files.Count > 0 ? files[0] : null;
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

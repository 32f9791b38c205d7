using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>
/// Notes of what is being written for users, outside the store: a file each among the ingest, so that a collection finds what a killed
/// session left half written.
/// </summary>
public sealed class TargetNotes(string ingestDirectory)
{
    private const string Extension = ".target";

    /// <summary>Removes what a note is about, which nobody writes to any more. The note itself stays.</summary>
    /// <returns>False when it cannot be reached now.</returns>
    public static bool TryRemoveTarget(string note)
    {
        if (Path.GetExtension(note) != Extension)
        {
            return true;
        }

        try
        {
            // The name holds the note's, which nobody can guess: whatever else the text may say, nothing else is removed.
            var target = File.ReadAllText(note);
            if (target.EndsWith($".{Path.GetFileNameWithoutExtension(note)}", StringComparison.Ordinal))
            {
                FileTree.Remove(target);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Notes that something is going to be written for a path.</summary>
    internal TargetNote Begin(string path)
    {
        var id = Guid.NewGuid().ToString("N");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var work = Path.Combine(Path.GetDirectoryName(full) ?? "/", $".{Path.GetFileName(full)}.{id}");
        Directory.CreateDirectory(ingestDirectory);
        var note = Path.Combine(ingestDirectory, id + Extension);
        try
        {
            File.WriteAllText(note, work);
        }
        catch (IOException)
        {
            // On a full disk there may be a file, with nothing in it.
            File.Delete(note);
            throw;
        }

        return new TargetNote(note, full, work);
    }
}

using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes a directory of stacked layers, with everything below, as overlay shows it.</summary>
internal sealed class MergedArchiveWriter(TreeEntryWriter writer, Func<string, FileStat, bool> isLeftOut, CancellationToken stop)
{
    internal void WriteRoot(MergedDirectory root)
    {
        writer.WriteDirectory(root.Top, ".");
        WriteContent(root, "");
    }

    internal void WriteContent(MergedDirectory directory, string prefix)
    {
        foreach (var name in directory.Names())
        {
            stop.ThrowIfCancellationRequested();
            var path = prefix + name;
            if (directory.Find(name) is not { } entry || isLeftOut(path, entry.Status))
            {
                continue;
            }

            TreeEntryWriter.CheckName(name, path);
            if (entry.Status.Kind == FileKind.Directory)
            {
                using var below = directory.OpenDirectory(name)!;
                writer.WriteDirectory(below.Top, path);
                WriteContent(below, path + "/");
            }
            else
            {
                WriteFile(directory, entry, path);
            }
        }
    }

    internal void WriteFile(MergedDirectory directory, MergedEntry entry, string path)
    {
        if (entry.Status.Kind != FileKind.Regular)
        {
            writer.Write(entry.Part.Directory, entry.Name, entry.Status, path);
            return;
        }

        var content = directory.Content(entry);
        using (content.Opened)
        {
            writer.Write(entry.Part.Directory, entry.Name, entry.Status, path, (content.Directory, content.Name));
        }
    }
}

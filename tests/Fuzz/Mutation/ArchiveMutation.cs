using System.Security.Cryptography;
using System.Text;
using PsContainers.Images;
using PsContainers.Images.Layers;

namespace PsContainers.Fuzz.Mutation;

/// <summary>Changes of the files of an image, whose digests are mostly made right again: what is behind them is what matters.</summary>
internal static class ArchiveMutation
{
    // Layer, configuration, manifest, index, index: what chance made may go round in circles.
    private const int MaximumDepth = 5;

    private static readonly string[] _paths =
    [
        "oci-layout", "index.json", "manifest.json", "repositories", "blobs", "blobs/sha256", "../escape", "/escape", "a/b",
        "oci-layout/x", "./index.json",
    ];

    public static byte[] Apply(byte[] archive, byte[] other, Chance chance)
    {
        if (TryFiles(archive) is not { Count: > 0 } files)
        {
            return TarMutation.Apply(archive, other, chance);
        }

        for (var count = 1 + chance.Below(3); count > 0 && files.Count > 0; count--)
        {
            Change(files, TryFiles(other) ?? [], chance);
        }

        var changed = ToTar(files);
        return chance.OneIn(6) ? TarMutation.Apply(changed, other, chance) : changed;
    }

    /// <summary>Replaces text in a file and makes right what names the file by its digest.</summary>
    public static void Replace(List<(string Path, byte[] Content)> files, int index, byte[] content, int depth = 0)
    {
        var (path, old) = files[index];
        files[index] = (path, content);
        var (hex, newHex) = (Hex(old), Hex(content));
        if (hex == newHex || depth == MaximumDepth)
        {
            return;
        }

        files[index] = (path.Replace(hex, newHex, StringComparison.Ordinal), content);
        for (var i = 0; i < files.Count; i++)
        {
            if (i != index && files[i].Content is [(byte)'{' or (byte)'[', ..]
                && Encoding.Latin1.GetString(files[i].Content) is var text && text.Contains(hex, StringComparison.Ordinal))
            {
                text = text
                    .Replace($"{hex}\",\"size\":{old.Length}", $"{newHex}\",\"size\":{content.Length}", StringComparison.Ordinal)
                    .Replace(hex, newHex, StringComparison.Ordinal);
                Replace(files, i, Encoding.Latin1.GetBytes(text), depth + 1);
            }
        }
    }

    public static List<(string Path, byte[] Content)>? TryFiles(byte[] archive)
    {
        try
        {
            var files = new List<(string, byte[])>();
            var reader = new TarReader(new MemoryStream(archive));
            while (reader.Read() is { } entry)
            {
                if (entry is { Kind: TarEntryKind.File, Size: < FuzzTarget.MaximumLength })
                {
                    var content = new byte[entry.Size];
                    for (var data = reader.ReadData(out var offset); !data.IsEmpty; data = reader.ReadData(out offset))
                    {
                        data.CopyTo(content.AsSpan((int)offset));
                    }

                    files.Add((entry.Name, content));
                }
            }

            return files;
        }
        catch (ImageFormatException)
        {
            return null;
        }
    }

    public static byte[] ToTar(IReadOnlyList<(string Path, byte[] Content)> files)
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        foreach (var (path, content) in files)
        {
            tar.Write(new TarEntry(TarEntryKind.File, path) { Mode = 0x1a4, Size = content.Length });
            tar.WriteData(content);
        }

        tar.Finish();
        return stream.ToArray();
    }

    private static void Change(List<(string Path, byte[] Content)> files, List<(string Path, byte[] Content)> others, Chance chance)
    {
        var index = chance.Below(files.Count);
        var (path, content) = files[index];
        switch (chance.Below(10))
        {
            case 0:
                files.RemoveAt(index);
                break;
            case 1 when others.Count > 0:
                files.Add(chance.Of(others));
                break;
            case 2:
                files[index] = (chance.OneIn(2) ? chance.Of(_paths) : chance.Of(Vocabulary.FileNames), content);
                break;
            case 3:
                files[index] = (path, ByteMutation.Apply(content, [], chance));
                break;
            default:
                var changed = content is [(byte)'{' or (byte)'[', ..]
                    ? JsonMutation.Apply(content, others.Count > 0 ? chance.Of(others).Content : [], chance)
                    : TarMutation.Apply(content, [], chance);
                Replace(files, index, changed);
                break;
        }
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

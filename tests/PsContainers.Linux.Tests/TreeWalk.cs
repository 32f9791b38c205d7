using System.Globalization;
using System.Security.Cryptography;

namespace PsContainers.Linux.Tests;

/// <summary>All that can be told of a tree, a line for each name, to compare two of them.</summary>
internal static class TreeWalk
{
    internal static List<string> Of(string path)
    {
        using var root = DirectoryDescriptor.Open(path);
        var lines = new List<string>();
        Walk(root, "", [], lines);
        return lines;
    }

    private static void Walk(DirectoryDescriptor directory, string prefix, Dictionary<FileIdentity, string> firstNames, List<string> lines)
    {
        foreach (var name in directory.Names().Order(StringComparer.Ordinal))
        {
            var path = prefix + name;
            var status = directory.StatusOf(name)!.Value;
            var attributes = directory.AttributeNames(name).Order(StringComparer.Ordinal)
                .Select(attribute => $"{attribute}={Convert.ToHexString(directory.ReadAttribute(name, attribute)!)}");
            var links = status.Kind == FileKind.Directory ? "" : $"{status.LinkCount}";
            if (links.Length > 0 && !firstNames.TryAdd(status.Identity, path))
            {
                links += " as " + firstNames[status.Identity];
            }

            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} {status.Kind} {Convert.ToString(status.Mode, 8)} {status.UserId}:{status.GroupId} {status.Modified} "
                + $"{status.NodeMajor}:{status.NodeMinor} links {links} [{string.Join(' ', attributes)}] "
                + $"{Content(directory, name, status)}"));
            if (status.Kind == FileKind.Directory)
            {
                using var child = directory.OpenDirectory(name);
                Walk(child, path + "/", firstNames, lines);
            }
        }
    }

    private static string Content(DirectoryDescriptor directory, string name, FileStat status)
    {
        switch (status.Kind)
        {
            case FileKind.SymbolicLink:
                return "-> " + directory.ReadSymbolicLink(name);
            case FileKind.Regular:
                using (var file = directory.OpenFile(name))
                {
                    var data = new byte[status.Size];
                    for (var at = 0; at < data.Length;)
                    {
                        at += file.ReadAt(data.AsSpan(at), at);
                    }

                    var pieces = "";
                    for (var at = file.NextData(0); at < status.Size; at = file.NextData(at))
                    {
                        var end = file.NextHole(at);
                        pieces += $" {at}-{end}";
                        at = end;
                    }

                    return $"{status.Size} {Convert.ToHexString(SHA256.HashData(data))[..16]}{pieces}";
                }

            default:
                return "";
        }
    }
}

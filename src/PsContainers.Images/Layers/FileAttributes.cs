using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>The extended attributes of a file that belong to the image.</summary>
internal static class FileAttributes
{
    /// <summary>Labels and the marks of an overlay are the host's, not the image's.</summary>
    internal static SortedDictionary<string, byte[]> Of(DirectoryDescriptor directory, string name)
    {
        var names = directory.AttributeNames(name);
        if (names.Count == 0)
        {
            return TarEntry.NoAttributes;
        }

        var attributes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var attribute in names)
        {
            if (attribute != "security.selinux" && !attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal)
                && directory.ReadAttribute(name, attribute) is { } value)
            {
                attributes.Add(attribute, value);
            }
        }

        return attributes;
    }
}

using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>The names under which an archive lists its images.</summary>
internal static class ImageNames
{
    /// <summary>Written by containerd and Docker: the whole name, where the specification's annotation often has the tag only.</summary>
    private const string WholeNameAnnotation = "io.containerd.image.name";

    internal static string Complete(string name) => ImageReference.TryParse(name, out var reference)
        ? reference.ToString()
        : throw new ImageFormatException($"'{name}' is not an image name");

    /// <summary>What names an image of a layout, for those who take the one annotation and those who take the other.</summary>
    internal static Dictionary<string, string?> Annotations(string name) => new()
    {
        [Descriptor.RefNameAnnotation] = name,
        [WholeNameAnnotation] = name,
    };

    /// <summary>Null when the entry of a layout has no name.</summary>
    internal static string? Of(Descriptor entry)
    {
        if (entry.Annotation(WholeNameAnnotation) is { Length: > 0 } whole)
        {
            return Complete(whole);
        }

        // `latest` is how tools write "the only one here": a tag without a name. Other bare words are taken for names, as Docker
        // and Podman do. The annotation may be any text, so what can't be a name is none.
        var name = entry.Annotation(Descriptor.RefNameAnnotation);
        return name != "latest" && ImageReference.TryParse(name, out var reference) ? reference.ToString() : null;
    }
}

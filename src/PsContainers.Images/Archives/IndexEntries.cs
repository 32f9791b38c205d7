using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>What an index lists.</summary>
internal static class IndexEntries
{
    /// <summary>Whether it is an image or an index; what builders add to say how an image was made is for a platform of its own.</summary>
    internal static bool IsImage(Descriptor entry) =>
        entry.Platform is not { Os: "unknown" } && (MediaTypes.IsManifest(entry.MediaType) || MediaTypes.IsIndex(entry.MediaType));
}

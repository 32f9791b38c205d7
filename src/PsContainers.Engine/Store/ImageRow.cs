using PsContainers.Images.Archives;
using PsContainers.Oci;

namespace PsContainers.Engine.Store;

/// <summary>An image as the store has it.</summary>
internal sealed record ImageRow(
    string Id,
    string Manifest,
    ImageConfig Config,
    long Size,
    DateTime Imported,
    IReadOnlyList<string> Names,
    IReadOnlyList<Digest> Chains)
{
    /// <summary>What a registry gave for the names when the image is put into the store with them; null when none did.</summary>
    public string? Origin { get; init; }

    /// <summary>An image that has just come.</summary>
    public static ImageRow Of(ImportedImage image, IReadOnlyList<string> names, Digest? origin = null) => new(
        image.ConfigDigest.ToString(), image.ManifestDigest.ToString(), image.Config, image.Size, DateTime.UtcNow, names, image.ChainIds)
    {
        Origin = origin?.ToString(),
    };
}

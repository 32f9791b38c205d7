using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Finds the one image that a user means: by name, by digest, by the beginning of its id.</summary>
internal sealed class ImageLookup(ImageTable images)
{
    private const int NamedInMessage = 4;
    private const string Sha256 = "sha256:";

    public ImageRow Resolve(string image) => TryResolve(image) ?? throw EngineErrors.ImageNotFound(image);

    /// <summary>Null when there is no such image; several that could be meant are an error.</summary>
    public ImageRow? TryResolve(string image) => ByName(image) ?? ByDigest(image) ?? ByPrefix(image);

    /// <summary>The canonical name that a text stands for, or null when it can't be one.</summary>
    public static string? CanonicalName(string image) =>
        ImageReference.TryParse(image, out var reference) && reference.Digest is null ? reference.ToString() : null;

    /// <summary>The name under which the store has what a reference stands for; beside a digest a tag says nothing.</summary>
    public static string StoredName(ImageReference reference) =>
        reference.Digest is { } digest ? $"{reference.Registry}/{reference.Repository}@{digest}" : reference.ToString();

    private ImageRow? ByName(string image) =>
        ImageReference.TryParse(image, out var reference) ? images.FindByName(StoredName(reference)) : null;

    // The image's own digest, its manifest's, or name@digest: then the image has to have that name, whatever its tag.
    private ImageRow? ByDigest(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var text = image[(at + 1)..];
        if (!Digest.TryParse(text, out _))
        {
            return null;
        }

        var found = images.FindByManifest(text) ?? images.FindByPrefix(text, 1).FirstOrDefault();
        return at < 0 || (found is not null && ImageReference.TryParse(image, out var asked) && IsNamed(found, asked)) ? found : null;
    }

    private static bool IsNamed(ImageRow row, ImageReference asked) => row.Names.Select(ImageReference.Parse)
        .Any(own => own.Registry == asked.Registry && own.Repository == asked.Repository);

    private ImageRow? ByPrefix(string image)
    {
        var prefix = image.StartsWith(Sha256, StringComparison.Ordinal) ? image[Sha256.Length..] : image;
        if (prefix.Length is 0 or > 64 || !prefix.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var found = images.FindByPrefix(Sha256 + prefix, NamedInMessage);
        return found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw EngineErrors.ImageAmbiguous(image, found.Select(row => row.Id.Substring(Sha256.Length, 12))),
        };
    }
}

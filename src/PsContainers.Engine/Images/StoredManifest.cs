using System.Text.Json;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>The manifest that the store keeps of an image.</summary>
internal static class StoredManifest
{
    /// <summary>Null when it is missing.</summary>
    /// <exception cref="ContainerEngineException">ImageInvalid: it is damaged, or does not fit the image.</exception>
    public static ImageManifest? TryRead(ContentStore content, ImageRow row)
    {
        try
        {
            if (content.TryRead(Digest.Parse(row.Manifest)) is not { } bytes)
            {
                return null;
            }

            var manifest = ImageDocument.ReadManifest(bytes);
            return manifest.Layers.Count == row.Chains.Count
                ? manifest
                : throw new ImageFormatException(
                    $"the manifest {row.Manifest} lists {manifest.Layers.Count} layers of the {row.Chains.Count} that the image has");
        }
        catch (Exception e) when (e is ImageFormatException or JsonException)
        {
            throw EngineErrors.ImageInvalid(row.Id, $"image {row.Id}: {e.Message}", e);
        }
    }

    /// <exception cref="ContainerEngineException">ImageInvalid: it is missing, damaged, or does not fit the image.</exception>
    public static ImageManifest Read(ContentStore content, ImageRow row) => TryRead(content, row)
        ?? throw EngineErrors.ImageInvalid(
            row.Id, $"the manifest {row.Manifest} of image {row.Id} is not in the store: import the image again", inner: null);
}

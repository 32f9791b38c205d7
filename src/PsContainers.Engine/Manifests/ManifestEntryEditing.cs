using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Manifests;

/// <summary>Changes what a manifest list says of an image.</summary>
internal static class ManifestEntryEditing
{
    /// <exception cref="ContainerEngineException">InvalidArgument</exception>
    public static void Check(ManifestEntryChange change)
    {
        _ = PlatformOf(change);
        CheckAnnotations(change.Annotations);
    }

    /// <exception cref="ContainerEngineException">InvalidArgument</exception>
    public static void CheckAnnotations(IReadOnlyDictionary<string, string?>? annotations)
    {
        if (annotations?.Keys.FirstOrDefault(string.IsNullOrWhiteSpace) is { } blank)
        {
            throw EngineErrors.InvalidArgument(blank, "an annotation has no name");
        }
    }

    public static Platform? PlatformOf(ManifestEntryChange change) => change.Platform is { } text ? PlatformText.Parse(text) : null;

    public static ManifestEntrySettings Apply(ManifestEntryChange change, ManifestEntrySettings settings)
    {
        var platform = PlatformOf(change) is { } asked
            ? settings.Platform with { Os = asked.Os, Architecture = asked.Architecture, Variant = asked.Variant }
            : settings.Platform;
        return settings with
        {
            Platform = platform with
            {
                OsVersion = change.OsVersion ?? platform.OsVersion,
                OsFeatures = change.OsFeatures ?? platform.OsFeatures,
            },
            Annotations = change.Annotations is { } annotations
                ? Merge(settings.Annotations ?? new Dictionary<string, string?>(), annotations)
                : settings.Annotations,
        };
    }

    /// <summary>Annotations with changes on top; one without a value goes.</summary>
    public static IReadOnlyDictionary<string, string?> Merge(
        IReadOnlyDictionary<string, string?> old, IReadOnlyDictionary<string, string?> changes)
    {
        var merged = new Dictionary<string, string?>(old);
        foreach (var (key, value) in changes)
        {
            if (string.IsNullOrEmpty(value))
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged;
    }
}

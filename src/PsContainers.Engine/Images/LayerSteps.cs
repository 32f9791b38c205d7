using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>A step of a build, and the position of the layer it made.</summary>
/// <param name="Layer">Null for a step that changed no file; 0 is the lowest layer.</param>
/// <param name="History">Null for a layer that the history does not mention.</param>
internal readonly record struct LayerStep(int? Layer, History? History);

/// <summary>Tells which step of an image's history made which of its layers.</summary>
internal static class LayerSteps
{
    /// <summary>The first step first. Nobody checked the history, so it may have more or fewer steps than the image has layers.</summary>
    public static IReadOnlyList<LayerStep> Of(ImageConfig config)
    {
        var count = config.RootFs.DiffIds?.Count ?? 0;
        var steps = new List<LayerStep>();
        var next = 0;
        foreach (var history in config.History ?? [])
        {
            steps.Add(new LayerStep(history.EmptyLayer == true || next == count ? null : next++, history));
        }

        // What is left out is the base: tools that import a root file system write no history.
        var unmentioned = count - next;
        return unmentioned == 0
            ? steps
            : [
                .. Enumerable.Range(0, unmentioned).Select(layer => new LayerStep(layer, null)),
                .. steps.Select(step => step with { Layer = step.Layer + unmentioned }),
            ];
    }
}

using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Tells how an image was built, the last step first.</summary>
public sealed class GetImageHistory
{
    private readonly ImageLookup _lookup;
    private readonly LayerStore _layers;

    internal GetImageHistory(ImageLookup lookup, LayerStore layers)
    {
        _lookup = lookup;
        _layers = layers;
    }

    /// <summary>One step for each entry of the history, and one for each layer that the history does not mention.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, ImageAmbiguous</exception>
    public IReadOnlyList<ContainerImageHistory> Execute(string image)
    {
        var row = _lookup.Resolve(image);
        var steps = LayerSteps.Of(row.Config);
        return [.. steps.Select(step => Model(image, step, row.Chains, row.Config)).Reverse()];
    }

    private ContainerImageHistory Model(string image, LayerStep step, IReadOnlyList<Digest> chains, ImageConfig config) => new()
    {
        Image = image,
        Created = step.History?.Created?.LocalDateTime,
        CreatedBy = step.History?.CreatedBy ?? "",
        Author = step.History?.Author ?? "",
        Comment = step.History?.Comment ?? "",
        IsEmptyLayer = step.Layer is null,
        Size = step.Layer is { } layer ? _layers.TryGet(chains[layer])?.Size ?? 0 : 0,
        DiffId = step.Layer is { } position ? config.RootFs.DiffIds![position].ToString() : null,
    };
}

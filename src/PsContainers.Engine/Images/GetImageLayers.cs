using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Lists the layers of an image, the lowest first, with what else lies on them.</summary>
public sealed class GetImageLayers
{
    private readonly ImageTable _images;
    private readonly ImageLookup _lookup;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;

    internal GetImageLayers(ImageTable images, ImageLookup lookup, ContentStore content, LayerStore layers)
    {
        _images = images;
        _lookup = lookup;
        _content = content;
        _layers = layers;
    }

    /// <exception cref="ContainerEngineException">ImageNotFound, ImageAmbiguous, ImageInvalid</exception>
    public IReadOnlyList<ContainerImageLayer> Execute(string image)
    {
        var row = _lookup.Resolve(image);
        var archives = StoredManifest.TryRead(_content, row)?.Layers;
        var steps = LayerSteps.Of(row.Config).Where(step => step.Layer is not null).Select(step => step.History).ToList();
        var others = _images.All().Where(other => other.Id != row.Id).ToList();
        return [.. row.Chains.Select((chain, i) => new ContainerImageLayer
        {
            Image = image,
            Position = i,
            DiffId = row.Config.RootFs.DiffIds![i].ToString(),
            ChainId = chain.ToString(),
            Digest = archives?[i].Digest.ToString(),
            MediaType = archives?[i].MediaType,
            ArchiveSize = archives?[i].Size,
            Size = _layers.TryGet(chain)?.Size ?? 0,
            Entries = _layers.TryGet(chain)?.Entries ?? 0,
            Path = _layers.PathOf(chain),
            CreatedBy = steps[i]?.CreatedBy ?? "",
            SharedWith = [.. others.Where(other => Uses(other, chain, i)).Select(other => ImageModel.Of(other).Name)],
        })];
    }

    // A chain stands for all that lies below too, so that it is at the same position in every image.
    private static bool Uses(ImageRow other, Digest chain, int position) =>
        other.Chains.Count > position && other.Chains[position] == chain;
}

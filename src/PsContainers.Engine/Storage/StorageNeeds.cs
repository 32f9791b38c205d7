using PsContainers.Engine.Images;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Engine.Storage;

/// <summary>Which images and layers something needs, as it is now.</summary>
internal sealed class StorageNeeds(
    ImageTable images, ManifestTable manifests, ContainerTable containers, Reconciliation reconciliation, LayerStore layers)
{
    /// <summary>Every container, brought up to date.</summary>
    public List<CurrentContainer> Containers() =>
        [.. containers.All().Select(reconciliation.Current).Where(container => !container.IsRemoved)];

    /// <summary>The images that none of some containers, no mount and no manifest list needs.</summary>
    public List<ImageRow> Unused(IEnumerable<CurrentContainer> users)
    {
        var used = users.SelectMany(container => container.Row.Images).ToHashSet(StringComparer.Ordinal);
        used.UnionWith(ImageMounts.Images());
        used.UnionWith(manifests.ListedImages());
        return [.. images.All().Where(image => !used.Contains(image.Id))];
    }

    /// <summary>The layers that would go with some images: no other one lies on them.</summary>
    public HashSet<Digest> LayersOfNoOther(IReadOnlyCollection<ImageRow> leaving)
    {
        var ids = leaving.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        var own = leaving.SelectMany(image => image.Chains).ToHashSet();
        own.ExceptWith(images.AllWithHidden().Where(image => !ids.Contains(image.Id)).SelectMany(image => image.Chains));
        return own;
    }

    /// <summary>How many bytes of unpacked layers go with each image, when all of them go in this order.</summary>
    public IEnumerable<(ImageRow Image, long Size)> Freed(IEnumerable<ImageRow> leaving)
    {
        var users = images.AllWithHidden().SelectMany(image => image.Chains.Distinct()).CountBy(chain => chain).ToDictionary();
        foreach (var image in leaving)
        {
            // A layer that several of them share goes with the last one.
            yield return (image, SizeOf(image.Chains.Distinct().Where(chain => --users[chain] == 0)));
        }
    }

    private long SizeOf(IEnumerable<Digest> chains) => chains.Sum(chain => layers.TryGet(chain)?.Size ?? 0);
}

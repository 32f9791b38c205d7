using PsContainers.Engine.Errors;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>Shows the files of an image at a directory, to be read only. The image stays as long as it is mounted.</summary>
public sealed class MountImage
{
    private readonly ImageLookup _lookup;
    private readonly LayerStore _layers;
    private readonly Snapshots _snapshots;
    private readonly ImageMounts _mounts;

    internal MountImage(ImageLookup lookup, LayerStore layers, Snapshots snapshots, ImageMounts mounts)
    {
        _lookup = lookup;
        _layers = layers;
        _snapshots = snapshots;
        _mounts = mounts;
    }

    /// <param name="path">A directory that is there; null for one that is made, the same for every mount of the image.</param>
    /// <exception cref="ContainerEngineException">ImageNotFound, ImageAmbiguous, ImagePathNotFound, MountFailed</exception>
    public ContainerImageMount Execute(string image, string? path = null, CancellationToken cancellation = default)
    {
        if (path is not null && !Directory.Exists(path))
        {
            throw EngineErrors.ImagePathNotFound(path);
        }

        using var held = _mounts.Lock(cancellation);
        var row = _lookup.Resolve(image);
        foreach (var missing in row.Chains.Where(chain => !_layers.Contains(chain)))
        {
            throw EngineErrors.ImageInvalid(image, $"layer {missing} of image '{image}' is not in the store: import the image again", null);
        }

        try
        {
            var target = path is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            var mounted = _mounts.Attach(row.Id, _snapshots.LayersOf(row.Chains), target);
            return new ContainerImageMount { Image = ImageModel.Of(row).Name, ImageId = row.Id, Path = mounted };
        }
        catch (Exception e) when (e is LinuxException)
        {
            throw EngineErrors.MountFailed(image, "mounted", e);
        }
    }
}

using PsContainers.Engine.Errors;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>Takes away directories at which the files of an image are shown.</summary>
public sealed class DismountImage
{
    private readonly ImageLookup _lookup;
    private readonly ImageMounts _mounts;

    internal DismountImage(ImageLookup lookup, ImageMounts mounts)
    {
        _lookup = lookup;
        _mounts = mounts;
    }

    /// <summary>Takes away the image's last mount, or all of them.</summary>
    /// <param name="force">Whether those that still use it may keep it; otherwise that is an error.</param>
    /// <exception cref="ContainerEngineException">ImageNotFound, ImageAmbiguous, ImageNotMounted, MountFailed</exception>
    public void Execute(string image, bool all = false, bool force = false, CancellationToken cancellation = default)
    {
        using var held = _mounts.Lock(cancellation);
        var row = _lookup.Resolve(image);
        var paths = ImageMounts.Of(row.Id);
        if (paths.Count == 0)
        {
            throw EngineErrors.ImageNotMounted(image, $"image '{image}' is not mounted");
        }

        foreach (var path in all ? paths.Reverse() : [paths[^1]])
        {
            Detach(row.Id, path, force, image);
        }
    }

    /// <summary>Takes away what is mounted over one directory.</summary>
    /// <inheritdoc cref="Execute"/>
    public void ExecuteAt(string path, bool force = false, CancellationToken cancellation = default)
    {
        using var held = _mounts.Lock(cancellation);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var image = ImageMounts.ImageAt(full) ?? throw EngineErrors.ImageNotMounted(path, $"no image is mounted at '{path}'");
        Detach(image, full, force, path);
    }

    private void Detach(string imageId, string path, bool force, string asked)
    {
        try
        {
            _mounts.Detach(imageId, path, force);
        }
        catch (LinuxException e)
        {
            throw EngineErrors.MountFailed(asked, "dismounted", e);
        }
    }
}

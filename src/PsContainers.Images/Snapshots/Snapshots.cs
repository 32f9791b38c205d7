using PsContainers.Images.Layers;
using PsContainers.Linux;
using PsContainers.Oci;
using PsContainers.Oci.Runtime;

namespace PsContainers.Images.Snapshots;

/// <summary>Writable layers: describes the overlay of an image with a container's own changes on top. The launcher mounts it.</summary>
/// <remarks>kernel: Documentation/filesystems/overlayfs.rst</remarks>
public sealed class Snapshots(LayerStore layers, string containersDirectory)
{
    private const string Limited = "limited";
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes what the overlay needs on disk. A container that was prepared before keeps what it wrote.</summary>
    /// <param name="discardable">The changes are thrown away at the end, so they need not survive a crash of the machine.</param>
    /// <param name="limit">The most bytes that the changes may take; null for no limit.</param>
    /// <exception cref="IOException">The file system cannot limit a directory.</exception>
    public Mount Prepare(string id, IReadOnlyList<Digest> chainIds, bool discardable, long? limit = null)
    {
        foreach (var missing in chainIds.Where(chain => !layers.Contains(chain)))
        {
            throw new ImageFormatException($"layer {missing} of the image is not in the store: import the image again");
        }

        var container = Path.Combine(containersDirectory, id);
        var lower = chainIds.Reverse().Select(layers.PathOf).ToList();
        Directory.CreateDirectory(container, ForOwner);
        if (lower.Count == 0)
        {
            // An image of no layers at all; overlay wants at least one.
            lower.Add(Directory.CreateDirectory(Path.Combine(container, "empty")).FullName);
        }

        var place = MakePlace(container, limit);
        var (upper, work) = (Path.Combine(place, "upper"), Path.Combine(place, "work"));
        MakeUpper(place, upper, lower[0]);
        if (discardable)
        {
            // After a volatile mount that did not end in an orderly way, overlay refuses to mount again: work/incompat/volatile.
            FileTree.Remove(work);
        }

        Directory.CreateDirectory(work, ForOwner);
        string[] options =
        [
            $"lowerdir={string.Join(':', lower.Select(Escape))}",
            $"upperdir={Escape(upper)}",
            $"workdir={Escape(work)}",
        ];
        return new Mount("/", "overlay", "overlay", discardable ? [.. options, "volatile"] : options);
    }

    /// <summary>The folders of an image's layers, the topmost first.</summary>
    public IReadOnlyList<string> LayersOf(IReadOnlyList<Digest> chainIds) => [.. chainIds.Reverse().Select(layers.PathOf)];

    /// <summary>The folder of what a container wrote; null when it was never started.</summary>
    public string? WritableLayerOf(string id) => new[] { Path.Combine(Limited, "upper"), "upper" }
        .Select(place => Path.Combine(containersDirectory, id, place))
        .FirstOrDefault(Directory.Exists);

    /// <summary>Removes what a container wrote; nothing there is fine.</summary>
    public void Remove(string id)
    {
        var limited = Path.Combine(containersDirectory, id, Limited);
        if (Directory.Exists(limited))
        {
            ProjectQuota.Release(limited);
        }

        foreach (var part in (ReadOnlySpan<string>)["upper", "work", "empty", "upper.new", Limited])
        {
            FileTree.Remove(Path.Combine(containersDirectory, id, part));
        }
    }

    // Upper and work in one project: overlay renames from one to the other, which the kernel refuses between two. The container's log is
    // not among what is limited, so it lies outside.
    private static string MakePlace(string container, long? limit)
    {
        var limited = Path.Combine(container, Limited);
        if (limit is not { } bytes)
        {
            return Directory.Exists(limited) ? limited : container;
        }

        Directory.CreateDirectory(limited, ForOwner);
        ProjectQuota.Limit(limited, bytes);
        return limited;
    }

    // The merged root shows the attributes of the topmost directory: this one. It appears under its name only when it has them.
    private static void MakeUpper(string container, string upper, string top)
    {
        if (Directory.Exists(upper))
        {
            return;
        }

        var made = upper + ".new";
        FileTree.Remove(made);
        Directory.CreateDirectory(made, ForOwner);
        using var layer = DirectoryDescriptor.Open(top);
        using (var directory = DirectoryDescriptor.Open(made))
        {
            var status = layer.Status;
            directory.SetOwner(status.UserId, status.GroupId);
            directory.SetMode(status.Mode);
        }

        using var parent = DirectoryDescriptor.Open(container);
        parent.Rename("upper.new", parent, "upper");
    }

    private static string Escape(string path) => path
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal);
}

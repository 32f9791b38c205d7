using PsContainers.Images.Layers;
using PsContainers.Linux;
using PsContainers.Oci;
using PsContainers.Oci.Runtime;

namespace PsContainers.Images.Snapshots;

/// <summary>Writable layers: describes the overlay of an image with a container's own changes on top. The launcher mounts it.</summary>
/// <remarks>kernel: Documentation/filesystems/overlayfs.rst</remarks>
public sealed class Snapshots(LayerStore layers, string containersDirectory)
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes what the overlay needs on disk. A container that was prepared before keeps what it wrote.</summary>
    /// <param name="discardable">The changes are thrown away at the end, so they need not survive a crash of the machine.</param>
    public Mount Prepare(string id, IReadOnlyList<Digest> chainIds, bool discardable)
    {
        foreach (var missing in chainIds.Where(chain => !layers.Contains(chain)))
        {
            throw new ImageFormatException($"layer {missing} of the image is not in the store: import the image again");
        }

        var container = Path.Combine(containersDirectory, id);
        var (upper, work) = (Path.Combine(container, "upper"), Path.Combine(container, "work"));
        var lower = chainIds.Reverse().Select(layers.PathOf).ToList();
        Directory.CreateDirectory(container, ForOwner);
        if (lower.Count == 0)
        {
            // An image of no layers at all; overlay wants at least one.
            lower.Add(Directory.CreateDirectory(Path.Combine(container, "empty")).FullName);
        }

        MakeUpper(container, upper, lower[0]);
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
    public string? WritableLayerOf(string id) =>
        Path.Combine(containersDirectory, id, "upper") is var upper && Directory.Exists(upper) ? upper : null;

    /// <summary>Removes what a container wrote; nothing there is fine.</summary>
    public void Remove(string id)
    {
        foreach (var part in (ReadOnlySpan<string>)["upper", "work", "empty", "upper.new"])
        {
            FileTree.Remove(Path.Combine(containersDirectory, id, part));
        }
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

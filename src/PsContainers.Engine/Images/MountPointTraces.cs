using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>What starting a container makes in its writable layer to mount something on, where the image has nothing of the name.</summary>
internal sealed class MountPointTraces
{
    // As the default specification mounts them, and the files of names and resolvers that the engine writes.
    private static readonly string[] _places = ["dev", "proc", "sys", "etc/hostname", "etc/hosts", "etc/resolv.conf"];

    private readonly HashSet<string> _traces;

    /// <param name="image">The folders of the image's layers, the topmost first.</param>
    public MountPointTraces(IReadOnlyList<string> image)
    {
        var shown = image.Count > 0 ? LayerComparison.PathsThere(image, _places) : new HashSet<string>();
        _traces = [.. _places.Where(place => !shown.Contains(place))];
    }

    /// <summary>Nothing can be in them: a container writes into what is mounted there.</summary>
    public bool Contains(string path, FileStat status) =>
        _traces.Contains(path) && (status.Kind == FileKind.Directory || status is { Kind: FileKind.Regular, Size: 0 });
}

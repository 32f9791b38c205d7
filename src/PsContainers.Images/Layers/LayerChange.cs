using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>What became of a path.</summary>
public enum LayerChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>A path in which two trees differ.</summary>
/// <param name="Path">From the root, without a slash in front.</param>
/// <param name="Status">As it is now; of a deleted path, as it was.</param>
public sealed record LayerChange(string Path, LayerChangeKind Kind, FileStat Status);

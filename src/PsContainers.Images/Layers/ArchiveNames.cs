namespace PsContainers.Images.Layers;

/// <summary>What names mean that begin with <c>.wh.</c>.</summary>
public enum ArchiveNames
{
    /// <summary>That something of a lower layer is deleted: no file can be called so.</summary>
    OfLayer,

    /// <summary>Nothing: they are names as any other.</summary>
    Any,
}

namespace PsContainers.Images.Layers;

/// <summary>Where in the archive an entry's data lies.</summary>
public sealed partial class TarReader
{
    /// <summary>Position of the entry's data, of which nothing was read yet; null when it is not in one piece.</summary>
    internal long? DataPosition(TarEntry entry) => _pieces switch
    {
        [] when entry.Size == 0 => _input.Position,
        [(0, var length)] when length == entry.Size => _input.Position,
        _ => null,
    };
}

namespace PsContainers;

/// <summary>How a layer is compressed for a registry.</summary>
public enum LayerCompressionMethod
{
    /// <summary>Every engine can read it.</summary>
    Gzip,

    /// <summary>Smaller and faster; engines from before 2020 cannot read it.</summary>
    Zstd,
}

namespace PsContainers.Engine.Store;

/// <summary>What a committed change survives.</summary>
internal enum Durability
{
    /// <summary>The end of this process at any moment, but maybe not a power cut: no fsync(2).</summary>
    ProcessCrash,

    /// <summary>A power cut as well: the commit waits for the disk.</summary>
    PowerLoss,
}

namespace PsContainers;

/// <summary>What happens to a part of an image on its way.</summary>
public enum TransferPhase
{
    /// <summary>Others have their turn.</summary>
    Waiting,
    Downloading,
    Compressing,
    Uploading,

    /// <summary>It is where it should be.</summary>
    Done,

    /// <summary>It was there before.</summary>
    Present,
}

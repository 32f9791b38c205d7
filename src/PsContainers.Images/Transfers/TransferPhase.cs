namespace PsContainers.Images.Transfers;

/// <summary>What happens to a blob of an image on its way.</summary>
public enum TransferPhase
{
    Downloading,
    Compressing,
    Uploading,

    /// <summary>It is where it should be.</summary>
    Done,

    /// <summary>It was there before.</summary>
    Present,
}

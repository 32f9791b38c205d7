namespace PsContainers;

/// <summary>How far a volume has come.</summary>
public enum ContainerVolumeStatus
{
    /// <summary>Its driver makes it when it is first used.</summary>
    Created,

    Ready,

    /// <summary>What an image or an archive has is being put into it. Where that was killed, whoever uses it next finds it empty.</summary>
    Filling,

    /// <summary>It is being removed, or its driver could not: <c>Remove-ContainerVolume</c> tries again.</summary>
    Removing,
}

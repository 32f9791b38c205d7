namespace PsContainers.Engine.Store;

/// <summary>Whether a new row is in the store, or which rule of the store it breaks.</summary>
internal enum InsertOutcome
{
    Inserted,
    NameInUse,

    /// <summary>Another session removed the image in between.</summary>
    ImageGone,

    /// <summary>Another session removed a volume or image that is to be mounted, or made a volume of the same name.</summary>
    MountsChanged,
}

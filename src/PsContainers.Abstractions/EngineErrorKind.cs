namespace PsContainers;

/// <summary>What sort of failure a user meets; PowerShell's error categories follow from it.</summary>
public enum EngineErrorKind
{
    NotFound,
    AlreadyExists,
    InvalidArgument,

    /// <summary>The object exists, but its state does not allow the operation.</summary>
    InvalidState,

    /// <summary>Something else uses the object.</summary>
    InUse,

    /// <summary>An archive, image or stored file is not what it should be.</summary>
    InvalidData,
    PermissionDenied,
    Timeout,

    /// <summary>The kernel or the container's own content refused.</summary>
    Failed,
}

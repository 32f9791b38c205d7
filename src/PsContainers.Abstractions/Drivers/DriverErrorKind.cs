namespace PsContainers.Drivers;

/// <summary>What sort of failure a driver meets.</summary>
public enum DriverErrorKind
{
    /// <summary>A member of the request is wrong; the error names it.</summary>
    InvalidRequest,

    /// <summary>The driver cannot do that at all.</summary>
    Unsupported,

    /// <summary>Somebody else has what was asked for.</summary>
    InUse,

    /// <summary>There is nothing left to give.</summary>
    Exhausted,

    /// <summary>What the driver depends on is not there: a program, a module of the kernel, another machine.</summary>
    Unavailable,

    /// <summary>The kernel, or whoever does the work, refused.</summary>
    Failed,
}

namespace PsContainers.Runtime.Launch;

/// <summary>How a bind mount is made; the Flags of its step.</summary>
[Flags]
public enum BindFlags : uint
{
    None = 0,

    /// <summary>With all that is mounted below the source.</summary>
    Recursive = 1,

    /// <summary>The ids of every mount of the tree are mapped, not only of the topmost.</summary>
    MapsIdsRecursively = 2,

    /// <summary>The clone is cut off from the host's mounts, whatever they share.</summary>
    Private = 4,

    /// <summary>The clone gets what the host mounts later, and gives nothing back.</summary>
    Slave = 8,

    /// <summary>Set by the launcher itself: the source is open already, and the step holds its descriptor in place of the path.</summary>
    Opened = 16,

    /// <summary>The source is a place where a file system is mounted only meanwhile; OpenSources passes it over for OpenPart.</summary>
    OfWhole = 32,
}

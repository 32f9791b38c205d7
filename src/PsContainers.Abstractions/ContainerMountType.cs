namespace PsContainers;

/// <summary>What a <see cref="ContainerMount"/> shows in the container.</summary>
public enum ContainerMountType
{
    /// <summary>A directory or file of the host.</summary>
    Bind,

    /// <summary>A volume; one without a name is made for the container and goes with it.</summary>
    Volume,

    /// <summary>Memory, empty at each start.</summary>
    Tmpfs,

    /// <summary>The files of another image, to be read only.</summary>
    Image,

    /// <summary>Pseudo terminals of the mount's own. devpts(5)</summary>
    DevPts,
}

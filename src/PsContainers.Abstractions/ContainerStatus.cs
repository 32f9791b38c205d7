namespace PsContainers;

/// <summary>Where in its life a container is.</summary>
public enum ContainerStatus
{
    /// <summary>Made, never started.</summary>
    Created = 0,

    Running = 1,

    /// <summary>Ended by itself or from outside; it can be started again.</summary>
    Stopped = 2,

    /// <summary>Running, and suspended: none of its processes moves until it is resumed.</summary>
    Paused = 3,
}

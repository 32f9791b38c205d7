namespace PsContainers.Engine.Containers;

/// <summary>What can be asked of a container.</summary>
internal enum ContainerAction
{
    Start,
    Stop,
    Wait,
    Remove,
    Suspend,
    Resume,
    Signal,
    Execute,

    /// <summary>Ends it first when it runs.</summary>
    RemoveByForce,
}

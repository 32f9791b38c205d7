namespace PsContainers.Engine.Containers;

/// <summary>What an action comes to in a given status.</summary>
internal enum LifecycleStep
{
    Proceed,

    /// <summary>The container is already where the action leads: not an error, as with services.</summary>
    AlreadyDone,
    Refuse,
}

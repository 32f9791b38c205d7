namespace PsContainers.Runtime.Launch;

/// <summary>How the container's scope is made and undone: by this program with these arguments.</summary>
/// <param name="Name">The unit's, for messages.</param>
public sealed record ScopeRegistration(string Name, IReadOnlyList<string> Start, IReadOnlyList<string> Stop)
{
    internal IReadOnlyList<LaunchStep> Steps =>
    [
        new RunSelf($"starting {Name}", Start),
        new RunSelf($"stopping {Name}", Stop, OnUndo: true),
    ];
}

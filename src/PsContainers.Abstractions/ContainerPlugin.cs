namespace PsContainers;

/// <summary>How a plugin is doing.</summary>
public enum ContainerPluginStatus
{
    /// <summary>Found, and not needed yet.</summary>
    Available,

    Loaded,

    /// <summary>Another plugin of the same name comes first.</summary>
    Shadowed,

    /// <summary>It can't be used; <see cref="ContainerPlugin.Error"/> says why.</summary>
    Broken,
}

/// <summary>A plugin in one of the plugin folders, or one that was registered.</summary>
public sealed record ContainerPlugin
{
    /// <summary>What networks and volumes call their driver; the folder's name when the plugin has no readable one.</summary>
    public required string Name { get; init; }

    public string? Version { get; init; }

    public string? Description { get; init; }

    /// <summary>What it has drivers for: <c>network</c>, <c>volume</c>.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>How it is spoken to: <c>dotnet</c>, <c>process</c>, <c>cni</c> or <c>docker-volume</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>The folder with its <c>plugin.json</c>; of a Docker plugin without one, its socket or the file that names it.</summary>
    public required string Path { get; init; }

    public required ContainerPluginStatus Status { get; init; }

    /// <summary>Why it is broken or shadowed.</summary>
    public string? Error { get; init; }
}

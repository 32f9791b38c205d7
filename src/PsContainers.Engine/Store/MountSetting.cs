namespace PsContainers.Engine.Store;

/// <summary>A mount of a container as it is kept: with the ids of what it names, which stay when names change.</summary>
/// <param name="Asked">Its target without detours, what it names by its name then.</param>
/// <param name="Volume">A volume's id.</param>
/// <param name="Image">An image's id.</param>
internal sealed record MountSetting(ContainerMount Asked, string? Volume = null, string? Image = null);

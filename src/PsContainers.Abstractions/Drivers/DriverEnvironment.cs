namespace PsContainers.Drivers;

/// <summary>Where a driver finds things, and may leave things; it writes nowhere else.</summary>
public sealed record DriverEnvironment
{
    /// <summary>The folder of the plugin, with its <c>plugin.json</c>.</summary>
    public required string PluginDirectory { get; init; }

    /// <summary>The plugin's own folder for what survives a reboot; made, for root alone.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The plugin's own folder for what does not.</summary>
    public required string RunDirectory { get; init; }
}

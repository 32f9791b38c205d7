using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Discovery;

/// <summary>A plugin that was read or refused.</summary>
/// <param name="Plugin">Null when it was refused.</param>
/// <param name="Refusal">Why.</param>
/// <param name="ShadowedBy">The folder or file of the plugin of the same name that comes first.</param>
internal sealed record FoundPlugin(PluginPlace Place, PluginFolder? Plugin, DriverException? Refusal, string? ShadowedBy)
{
    public string Path => Place.Path;

    /// <summary>The plugin's own name, or its folder's.</summary>
    public string Name => Plugin?.Manifest.Name ?? Place.CalledSo;

    public bool IsUsable => Plugin is not null && ShadowedBy is null;

    /// <summary>It can be used for a driver of that kind.</summary>
    public bool Has(string kind) => IsUsable && Plugin!.Manifest.Kinds.Contains(kind);
}

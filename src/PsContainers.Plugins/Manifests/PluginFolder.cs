namespace PsContainers.Plugins.Manifests;

/// <summary>A plugin whose <c>plugin.json</c> was read and found right.</summary>
internal sealed record PluginFolder(string Path, PluginManifest Manifest)
{
    /// <summary>The assembly or program that its <c>entry</c> names.</summary>
    public string EntryPath => System.IO.Path.Combine(Path, Manifest.Entry.Assembly ?? Manifest.Entry.Executable!);

    /// <summary>The configuration of CNI that its <c>entry</c> names, if it does.</summary>
    public string? ConfigurationPath =>
        Manifest.Entry.Configuration is { } file ? System.IO.Path.Combine(Path, file) : null;
}

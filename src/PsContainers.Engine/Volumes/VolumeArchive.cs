using PsContainers.Images.Layers;

namespace PsContainers.Engine.Volumes;

/// <summary>Archives of volumes: a user's own files, as many as there are.</summary>
internal static class VolumeArchive
{
    public static LayerLimits Limits { get; } = new() { MaximumBytes = long.MaxValue, MaximumEntries = long.MaxValue };
}

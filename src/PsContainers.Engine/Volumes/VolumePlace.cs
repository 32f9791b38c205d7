using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>A volume that a container is about to see.</summary>
/// <param name="Path">Where the volume's files are.</param>
/// <param name="Covered">What it covers in the image, which an empty volume gets; null leaves it empty.</param>
internal sealed record VolumePlace(VolumeRow Volume, string Path, string? Covered);

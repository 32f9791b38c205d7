using System.Text;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Plugins.Docker;

/// <summary>For whom a plugin was asked to mount what, until the next boot.</summary>
/// <remarks>
/// Many plugins count their users and don't look at who they are: asked twice for one, or asked to unmount for one that never mounted, they
/// take the volume from under another. So they are asked once for each.
/// </remarks>
internal sealed class DockerUses(string directory)
{
    /// <summary>Where it was mounted; null when the plugin was not asked.</summary>
    /// <returns>Empty when it was asked and nobody knows what came of it.</returns>
    public string? Find(VolumeUse use) => WholeFile.TryReadText(PathOf(use));

    public void Begin(VolumeUse use)
    {
        Directory.CreateDirectory(directory, StateFile.OwnerOnly);
        Mounted(use, "");
    }

    public void Mounted(VolumeUse use, string path) => StateFile.Replace(PathOf(use), Encoding.UTF8.GetBytes(path));

    public void End(VolumeUse use) => File.Delete(PathOf(use));

    private string PathOf(VolumeUse use) => Path.Combine(directory, $"{use.Record.Volume.Id}-{use.UserId}");
}

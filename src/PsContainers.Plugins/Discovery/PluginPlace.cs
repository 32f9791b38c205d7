using PsContainers.Drivers;
using PsContainers.Plugins.Docker;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Discovery;

/// <summary>Where there is a plugin: a folder with a <c>plugin.json</c>, or the file that Docker finds one by.</summary>
internal sealed record PluginPlace(string Path, bool IsDockers)
{
    /// <summary>What it is called as long as its own name isn't known.</summary>
    public string CalledSo => IsDockers ? DockerFile.NameIn(Path) : System.IO.Path.GetFileName(Path);

    /// <param name="path">As a user gave it, made absolute.</param>
    public static PluginPlace Of(string path) => new(path, DockerFile.IsNamedSo(path) && File.Exists(path));

    /// <exception cref="DriverException">Somebody else than root could change it.</exception>
    public void CheckTrust()
    {
        if (IsDockers)
        {
            DockerFile.CheckTrust(Path);
        }
        else
        {
            FileTrust.CheckFolder(Path);
            FileTrust.CheckFile(Path, ManifestReader.FileName);
        }
    }

    /// <exception cref="DriverException">It can't be used: with the field and the reason.</exception>
    public PluginFolder Read() => IsDockers ? DockerFile.Read(Path) : ManifestReader.Read(Path);
}

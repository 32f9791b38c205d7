using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Contracts;

/// <summary>A driver's folders for one test; when it ends, there is nothing left in them, and nothing mounted.</summary>
public sealed class VolumeSandbox : IDisposable
{
    public VolumeSandbox()
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "needs root: it mounts file systems");
        Folder = Directory.CreateTempSubdirectory("psc-volume-").FullName;
        Environment = new()
        {
            PluginDirectory = AppContext.BaseDirectory,
            StateDirectory = Directory.CreateDirectory(Path.Combine(Folder, "state")).FullName,
            RunDirectory = Directory.CreateDirectory(Path.Combine(Folder, "run")).FullName,
        };
        Devices = Directory.CreateDirectory(Path.Combine(Folder, "devices")).FullName;
    }

    public string Folder { get; }

    /// <summary>For what volumes are made of; none of the driver's.</summary>
    public string Devices { get; }

    public DriverEnvironment Environment { get; }

    public static VolumeDefinition Volume(IReadOnlyDictionary<string, string> options, char digit = 'a') => new()
    {
        Id = new string(digit, 64),
        Name = "data",
        Driver = "tried",
        Options = options,
    };

    /// <summary>Everything that a driver could leave behind: files, and mounts.</summary>
    public string Picture() => string.Join('\n', Left().Concat(Mounts()));

    public void Dispose()
    {
        var left = Left().Concat(Mounts()).ToList();
        foreach (var point in Mounts().Reverse())
        {
            HostMount.DetachAll(point);
        }

        FileTree.Remove(Folder);
        Assert.Equal([], left);
    }

    private IEnumerable<string> Mounts() => MountInfo.OfSelf()
        .Select(mount => mount.MountPoint)
        .Where(point => point.StartsWith($"{Folder}/", StringComparison.Ordinal) && !point.StartsWith(Devices, StringComparison.Ordinal));

    // The driver's folders of all volumes may stay.
    private IEnumerable<string> Left() => new[] { Environment.StateDirectory, Environment.RunDirectory }
        .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        .Where(path => Path.GetFileName(path) != "volumes")
        .Order(StringComparer.Ordinal);
}

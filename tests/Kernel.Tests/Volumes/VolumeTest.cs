using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>A test about volumes and mounts. In the end no volume is there, and the drivers have nothing on disk or mounted.</summary>
public abstract class VolumeTest(TestHost host) : KernelTest(host)
{
    protected const string NoMapping = "needs Linux 6.3, which maps the ids of a tmpfs, where the engine's folders are on one";

    /// <summary>Whether mounts of the engine's folders can have ids of their own.</summary>
    protected bool CanMapIds => Environment.OSVersion.Version >= new Version(6, 3) || new DriveInfo(Folder).DriveFormat != "tmpfs";

    /// <summary>A folder of the host that goes with the test.</summary>
    protected string Folder { get; } = Directory.CreateDirectory(Path.Join(host.Scratch, Path.GetRandomFileName())).FullName;

    protected static Func<ContainerCreation, ContainerCreation> With(params string[] mounts) =>
        creation => creation with { Mounts = [.. mounts.Select(ContainerMount.Parse)] };

    protected static Func<ContainerCreation, ContainerCreation> Volume(params string[] volumes) =>
        creation => creation with { Mounts = [.. volumes.Select(ContainerMount.ParseVolume)] };

    protected ContainerVolume Make(string name, string? driver = null, params (string Name, string Value)[] options) =>
        Services.CreateVolume.Execute(new VolumeCreation
        {
            Name = name,
            Driver = driver,
            Options = options.ToDictionary(option => option.Name, option => option.Value),
        });

    protected ContainerVolume Look(string volume) => Services.GetVolumes.Execute(volume);

    /// <summary>Whether a line of mountinfo is about a driver of this test's engine; others may be at work on the machine.</summary>
    protected bool IsOfDriver(string line) =>
        line.Contains($"{Host.Paths.Plugins}/", StringComparison.Ordinal)
        || line.Contains($"{Host.Paths.PluginRuns}/", StringComparison.Ordinal);

    protected static ContainerEngineException Refused(Action action, string errorId)
    {
        var error = Assert.Throws<ContainerEngineException>(action);
        Assert.Equal(errorId, error.ErrorId);
        return error;
    }

    protected override void RemoveOwn()
    {
        foreach (var volume in Services.GetVolumes.Execute())
        {
            Services.RemoveVolume.Execute(volume.Id);
        }

        Directory.Delete(Folder, recursive: true);
        var plugins = Path.Join(Host.Paths.Root, "plugins");
        var left = Directory.Exists(plugins)
            ? Directory.EnumerateFileSystemEntries(plugins, "*", SearchOption.AllDirectories)
                .Where(path => path.Contains("/volumes/", StringComparison.Ordinal))
            : [];
        Assert.Empty(left);
    }
}

using PsContainers.Cmdlets.Tests.Images;
using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>
/// A store to copy, for tests that treat a store badly: the image `kept`, the container `changed` of it, the image `second` made of that
/// container; and, outside, an image that shares its lowest layer with them, in an archive and in a registry.
/// </summary>
public sealed class SampleStore : IDisposable
{
    internal const string Kept = "kept:latest";
    internal const string Second = "second:1";
    internal const string Container = "changed";

    private readonly string _folder;
    private readonly string _run;
    private int _copies;

    public SampleStore(TestHost host)
    {
        _folder = Directory.CreateDirectory(Path.Join(host.Scratch, $"sample-{Guid.NewGuid():n}")).FullName;
        _run = $"/run/psc-{Path.GetFileName(_folder)[..13]}";
        if (host.Missing is not null)
        {
            return;
        }

        MakeRoot();
        Make(Template, Second, "echo second > /second; dd if=/dev/urandom of=/data bs=1k count=200 2> /dev/null");
        var other = new EnginePaths(Path.Join(_folder, "other"), $"{_run}/other");
        Make(other, "incoming:1", "echo incoming > /incoming; rm /etc/gone; dd if=/dev/urandom of=/data bs=1k count=900 2> /dev/null");
        using var services = ContainerServices.Open(other, Repository.Launcher);
        services.ExportImage.Execute(new ImageExport { Images = ["incoming:1"], Path = Archive, Format = ContainerImageFormat.OciArchive });
        if (DockerRegistry.IsPossible)
        {
            services.PublishImage.Execute(new ImagePublication { Image = "incoming:1", Destination = Remote, Access = Insecure });
        }
    }

    internal static RegistryAccess Insecure { get; } = new() { AllowInsecure = true };

    internal DockerRegistry Registry { get; } = new();

    /// <summary>The image of the registry.</summary>
    internal string Remote => $"{Registry.Host}/incoming:1";

    /// <summary>The image as an OCI archive.</summary>
    internal string Archive => Path.Join(_folder, "incoming.tar");

    private EnginePaths Template => new(Path.Join(_folder, "template"), $"{_run}/template");

    public void Dispose()
    {
        Registry.Dispose();
        foreach (var folder in new[] { _folder, _run }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A copy ready for an operation, in a folder of its own.</summary>
    internal StoreCopy Copy(StoreOperation operation) =>
        CopyTo(Directory.CreateDirectory(Path.Join(_folder, $"copy{Next()}")).FullName, operation);

    /// <summary>A copy ready for an operation, in an empty folder.</summary>
    internal StoreCopy CopyTo(string folder, StoreOperation operation)
    {
        var paths = new EnginePaths(Path.Join(folder, "root"), $"{_run}/{Next()}");
        HostCommand.Run("/bin/cp", "-a", Template.Root, paths.Root).Text();
        var copy = new StoreCopy(this, folder, paths);
        if (operation.Prepare is { } prepare)
        {
            using var services = copy.Open();
            prepare(copy, services);
        }

        return copy;
    }

    private int Next() => Interlocked.Increment(ref _copies);

    private void MakeRoot()
    {
        var root = Path.Join(_folder, "source");
        foreach (var directory in new[] { "bin", "dev", "etc", "proc", "sys", "tmp" })
        {
            Directory.CreateDirectory(Path.Join(root, directory));
        }

        File.Copy("/bin/busybox", Path.Join(root, "bin/busybox"));
        foreach (var applet in new[] { "sh", "echo", "dd", "rm", "cat" })
        {
            File.CreateSymbolicLink(Path.Join(root, "bin", applet), "busybox");
        }

        File.WriteAllText(Path.Join(root, "etc/gone"), "goes with an upper layer");
    }

    // All logs are written back first, so that what a copy needs of its disk is the same every time.
    private void Make(EnginePaths paths, string image, string script)
    {
        using var services = ContainerServices.Open(paths, Repository.Launcher);
        services.ImportImage.Execute(new ImageImport { Path = Path.Join(_folder, "source"), RootFileSystem = true, Name = Kept });
        var container = services.CreateContainer.Execute(
            new ContainerCreation { Image = Kept, Name = Container, Command = ["sh", "-c", script] });
        services.StartContainer.Execute(container.Id);
        Assert.Equal(0, services.WaitContainer.Execute(container.Id, TimeSpan.FromMinutes(1)).ExitCode);
        services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = image });
    }
}

using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Lifecycle;

public sealed class StoreTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void File_system_that_cannot_hold_a_writable_layer_is_named()
    {
        var folder = Path.Join(Host.Scratch, "on-overlay");
        foreach (var part in new[] { "lower", "upper", "work", "merged" })
        {
            Directory.CreateDirectory(Path.Join(folder, part));
        }

        var merged = Path.Join(folder, "merged");
        HostCommand.Run(
            "/bin/mount", "-t", "overlay",
            "-o", $"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work", "overlay", merged).Text();
        try
        {
            var paths = new EnginePaths(Path.Join(merged, "root"), Path.Join(folder, "run"));
            using var services = ContainerServices.Open(paths, Repository.Launcher);
            services.ImportImage.Execute(new ImageImport { Path = Host.BusyboxRoot, RootFileSystem = true, Name = "busybox" });

            var error = Assert.Throws<ContainerEngineException>(() => services.RunContainer.Execute(Creation(["true"]), _ => { }));

            Assert.Equal("ContainerStartFailed", error.ErrorId);
            Assert.Contains(paths.Containers, error.Message, StringComparison.Ordinal);
            Assert.Contains("file system overlay", error.Message, StringComparison.Ordinal);
            Assert.Empty(services.GetContainers.Execute());
        }
        finally
        {
            HostCommand.Run("/bin/umount", merged).Text();
            Directory.Delete(folder, recursive: true);
        }
    }
}

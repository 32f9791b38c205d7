using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Root file systems that try to make the launcher write outside of them.</summary>
public sealed class HostileImageTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    [InlineData("dev")]
    [InlineData("etc")]
    [InlineData("dev/shm")]
    [InlineData("etc/hosts")]
    [InlineData("etc/resolv.conf")]
    public void Link_out_of_the_root_reaches_nothing_of_the_host(string path)
    {
        var bait = Bait();
        string[] targets =
            [bait, $"../../../../../../../../..{bait}", $"/proc/1/root{bait}", $"/proc/self/cwd/../../../../../..{bait}"];
        foreach (var target in targets)
        {
            var image = Import(root => Replace(root, path, target));

            AttemptToRun(image);

            Assert.Equal(["keep"], Directory.EnumerateFileSystemEntries(bait).Select(Path.GetFileName));
            Assert.Equal("unchanged", File.ReadAllText(Path.Join(bait, "keep")));
        }
    }

    [Fact]
    public void Proc_on_another_folder_of_the_image_is_refused_or_stays_inside()
    {
        var image = Import(root => Replace(root, "proc", "/tmp"));

        AttemptToRun(image);

        Assert.False(Directory.Exists("/tmp/self/ns"));
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    [InlineData("dev")]
    public void File_where_a_folder_belongs_is_an_error_that_names_it(string path)
    {
        var image = Import(root =>
        {
            Directory.Delete(Path.Join(root, path), recursive: true);
            File.WriteAllText(Path.Join(root, path), "");
        });

        var error = Assert.Throws<ContainerEngineException>(() => Run(Creation(["true"], creation => creation with { Image = image })));

        Assert.Equal("ContainerStartFailed", error.ErrorId);
        Assert.Contains($"/{path}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_without_any_folder_gets_those_it_needs()
    {
        var image = Import(root =>
        {
            foreach (var directory in Directory.GetDirectories(root).Where(path => Path.GetFileName(path) != "bin"))
            {
                Directory.Delete(directory, recursive: true);
            }
        });

        Assert.Equal("/proc/self\n14", Run(Creation(
            ["sh", "-c", "ls -d /proc/self; ls /dev | wc -l"], creation => creation with { Image = image })).Text());
    }

    [Fact]
    public void Layer_that_was_deleted_is_an_error_and_nothing_stays()
    {
        var image = Import(root => File.WriteAllText(Path.Join(root, "unique"), $"{Guid.NewGuid()}"));
        var layer = Directory.GetDirectories(Host.Paths.Layers)
            .Single(path => File.Exists(Path.Join(path, "unique")));
        Directory.Delete(layer, recursive: true);
        File.Delete(layer + ".json");

        var error = Assert.Throws<ContainerEngineException>(() => Run(Creation(["true"], creation => creation with { Image = image })));

        Assert.Contains("layer", error.Message, StringComparison.Ordinal);
        Assert.Empty(Services.GetContainers.Execute());
        Services.RemoveImage.Execute(image, force: true);
    }

    [Fact]
    public void User_database_that_is_a_link_to_a_device_does_not_hang()
    {
        var image = Import(root =>
        {
            Replace(root, "etc/passwd", "/dev/zero");
            Replace(root, "etc/group", "/proc/kmsg");
        });

        AttemptToRun(image, creation => creation with { User = "alice" });
    }

    [Fact]
    public void User_database_that_is_a_fifo_does_not_hang()
    {
        var image = Import(root =>
        {
            File.Delete(Path.Join(root, "etc/passwd"));
            HostCommand.Run("/usr/bin/mkfifo", Path.Join(root, "etc/passwd")).Text();
        });

        AttemptToRun(image, creation => creation with { User = "alice" });
    }

    // It may start or fail; it must not hang, nor harm.
    private void AttemptToRun(string image, Func<ContainerCreation, ContainerCreation>? change = null)
    {
        try
        {
            Run(Creation(["true"], creation => (change is null ? creation : change(creation)) with { Image = image }));
        }
        catch (ContainerEngineException e)
        {
            Assert.Contains(e.ErrorId, (string[])["ContainerStartFailed", "CommandNotFound"]);
        }
    }

    private string Bait()
    {
        var bait = Path.Join(Host.Scratch, "bait");
        Directory.CreateDirectory(bait);
        File.WriteAllText(Path.Join(bait, "keep"), "unchanged");
        return bait;
    }

    private string Import(Action<string> change)
    {
        var root = Path.Join(Host.Scratch, $"{Guid.NewGuid():n}");
        HostCommand.Run("/bin/cp", "-a", Host.BusyboxRoot, root).Text();
        change(root);
        var image = Services.ImportImage.Execute(new ImageImport { Path = root, RootFileSystem = true, Name = "hostile" })[0];
        Directory.Delete(root, recursive: true);
        return image.Id;
    }

    private static void Replace(string root, string path, string target)
    {
        var full = Path.Join(root, path);
        if (Directory.Exists(full))
        {
            Directory.Delete(full, recursive: true);
        }

        File.Delete(full);
        File.CreateSymbolicLink(full, target);
    }
}

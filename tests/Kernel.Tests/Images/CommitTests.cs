using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Containers made images, and read by this engine and by others.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class CommitTests(TestHost host) : KernelTest(host)
{
    private const string Changes = """
        mkdir -p /new/a/b /new/c; echo h > /new/a/h; ln /new/a/h /new/c/h; ln /new/a/h /new/a/b/h; ln -s h /new/a/s
        echo more >> /etc/passwd; rm /bin/sleep; rm -r /home/alice; mkdir /home/alice
        echo mine > /home/alice/file; chown 1000:1000 /home/alice
        cp /bin/busybox /new/suid; chown 12:34 /new/suid; chmod 6755 /new/suid; chmod 3777 /tmp
        mkfifo -m 600 /new/pipe; mknod /new/null c 1 3; touch -d '2001-02-03 04:05:06' /new/a/h /new/c; echo u > '/new/Ünï ćode = name'
        n=$(printf 'n%.0s' $(seq 120)); mkdir -p "/new/$n/$n"; echo long > "/new/$n/$n/$n"
        truncate -s 20M /new/sparse; echo end >> /new/sparse
        rm -r /var; echo file > /var
        """;

    // Everything that can be told about a tree; what the engine makes to mount something on is no part of an image.
    private const string Description = """
        cd "$1"
        LC_ALL=C find . -path ./dev -prune -o -path ./proc -prune -o -path ./sys -prune -o -path ./etc/hosts -prune \
            -o -path ./etc/hostname -prune -o -path ./etc/resolv.conf -prune -o -printf '%p\n' | LC_ALL=C sort > "$2"
        while IFS= read -r f; do stat -c '%n %F %a %u:%g %h %t:%T' "$f" | sed '/ directory /s/ [0-9]* 0:0$//'; done < "$2"
        while IFS= read -r f; do [ -L "$f" ] && readlink "$f"; [ -f "$f" ] && [ ! -L "$f" ] && sha256sum "$f"; done < "$2"
        while IFS= read -r f; do [ ! -d "$f" ] && stat -c '%Y %n' "$f"; done < "$2"
        while IFS= read -r f; do getfattr -h -d -m - -e hex "$f" 2> /dev/null; done < "$2" |
            grep -v -e trusted.overlay -e user.rootless || true
        """;

    protected override void RemoveOwn()
    {
        foreach (var image in Services.GetImages.Execute().Where(image => !image.Names.Contains("busybox:latest")))
        {
            Services.RemoveImage.Execute(image.Id, force: true);
        }
    }

    [Fact]
    public void Image_of_a_container_is_the_same_tree_for_every_tool()
    {
        var container = Wait(Start(Changes));
        Assert.Equal(0, container.ExitCode);
        var image = Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "example.test/committed:1" });
        Export(image, "layout", ContainerImageFormat.OciLayout);
        Export(image, "docker.tar", ContainerImageFormat.DockerArchive);
        Services.ExportContainer.Execute(container.Id, Scratch("container.tar"));

        Do("mkdir tree && tar -C tree --xattrs --xattrs-include='*' --numeric-owner -xpf container.tar");
        Do("umoci unpack --image layout:example.test/committed:1 bundle");
        Do("skopeo copy -q --insecure-policy docker-archive:docker.tar oci:copied:x && umoci unpack --image copied:x again");
        var podman = Do($"""
            printf '[storage]\ndriver = "vfs"\nrunroot = "%s/p/run"\ngraphroot = "%s/p/graph"\n' "$PWD" "$PWD" > storage.conf
            export CONTAINERS_STORAGE_CONF=$PWD/storage.conf
            podman --tmpdir "$PWD/p/tmp" load -q -i docker.tar > /dev/null
            podman --tmpdir "$PWD/p/tmp" image mount example.test/committed:1
            """);

        var expected = Describe("tree");
        Assert.Contains("./new/a/b/h regular file 644 0:0 3", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Describe("bundle/rootfs"));
        Assert.Equal(expected, Describe("again/rootfs"));
        Assert.Equal(expected, Describe(podman));
        Do("export CONTAINERS_STORAGE_CONF=$PWD/storage.conf; podman --tmpdir \"$PWD/p/tmp\" image umount --all");
    }

    [Fact]
    public void Container_of_a_committed_image_has_what_the_first_one_wrote()
    {
        var container = Wait(Start("echo kept > /etc/kept; rm /bin/sleep"));
        var image = Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "kept", Command = ["cat", "/etc/kept"] });

        Assert.Equal("kept", Run(new ContainerCreation { Image = "kept", RemoveOnExit = true }).Text());
        var layers = Services.GetImageLayers.Execute("kept");
        Assert.Equal(2, layers.Count);
        Assert.Equal(["busybox:latest"], layers[0].SharedWith);
        Assert.True(layers[1].Entries < 10);
        Assert.Equal(image.Id, Assert.Single(Services.GetImages.Execute(), other => other.Name == "kept:latest").Id);
    }

    [Fact]
    public void Ids_of_a_container_with_a_user_namespace_are_the_images_own()
    {
        var container = Wait(Start(
            "echo x > /mine; chown 5:6 /mine; echo y > /root/y", creation => creation with { UserNamespace = "Private" }));
        Assert.Equal(0, container.ExitCode);
        Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "private" });

        var outcome = Run(Creation(["stat", "-c", "%u:%g", "/mine", "/root/y"], creation => creation with { Image = "private" }));

        Assert.Equal("5:6\n0:0", outcome.Text());
    }

    [Fact]
    public void Container_that_was_never_started_gives_a_layer_less()
    {
        var container = Services.CreateContainer.Execute(Creation(["true"]));

        var commit = new ContainerCommit { Labels = new Dictionary<string, string> { ["a"] = "b" } };
        var image = Services.CommitContainer.Execute(container.Id, commit);

        Assert.Equal((1, "b"), (image.LayerCount, image.Labels["a"]));
        Assert.True(Services.GetImageHistory.Execute(image.Id)[0].IsEmptyLayer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Running_container_goes_on_behind_it(bool noPause)
    {
        // It grows: one that is cut while it is read, as happens without a pause, cannot be told from one that is damaged.
        var container = Start("echo ready; i=0; while true; do i=$((i+1)); echo $i >> /count; done");
        WaitForLine(container, "ready");

        Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "running", NoPause = noPause });

        Assert.Equal(ContainerStatus.Running, Services.GetContainer.Execute(container.Id).Status);
        var count = "";
        WaitUntil(() => (count = Count(container)).Length > 0, "the container does not count");
        WaitUntil(() => Count(container) is { Length: > 0 } later && later != count, "the container stands still");
    }

    [Fact]
    public void Container_whose_reader_was_killed_goes_on_with_the_next_session()
    {
        var container = Start("echo ready; i=0; while true; do i=$((i+1)); echo $i > /count; done");
        WaitForLine(container, "ready");
        Services.SuspendContainer.Execute(container.Id);
        var suspended = Path.Join(Host.Paths.RunDirectory(container.Id), "suspended");
        File.Move(suspended, Path.Join(Host.Paths.Reading, container.Id));
        var before = Count(container);
        Assert.Equal(before, Count(container));

        using (ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            WaitUntil(() => Count(container) is { Length: > 0 } now && now != before, "the container stands still");
        }

        Assert.Empty(Directory.EnumerateFiles(Host.Paths.Reading));
    }

    [Fact]
    public void Commit_that_fails_leaves_nothing_and_names_the_container()
    {
        var container = Wait(Start("mkdir /x; touch /x/.wh.name"));
        var before = State();

        var error = Assert.Throws<ContainerEngineException>(
            () => Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "never" }));

        Assert.Equal("CommitFailed", error.ErrorId);
        Assert.Contains($"container '{container.Name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'x/.wh.name'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, State());
    }

    private string Count(Container container) =>
        File.ReadAllText(Path.Join(Host.Paths.ContainerDirectory(container.Id), "upper", "count")).TrimEnd();

    private List<string> State() =>
    [
        .. new[] { Host.Paths.Layers, Path.Join(Host.Paths.Blobs, "sha256"), Host.Paths.Ingest }
            .SelectMany(Directory.EnumerateFileSystemEntries).Order(StringComparer.Ordinal),
    ];

    private void Export(ContainerImage image, string path, ContainerImageFormat format) =>
        Services.ExportImage.Execute(new ImageExport { Images = [image.Id], Path = Scratch(path), Format = format, Overwrite = true });

    // Other classes leave theirs in the same place.
    private string Folder => Directory.CreateDirectory(Path.Join(Host.Scratch, "commit")).FullName;

    private string Scratch(string name) => Path.Join(Folder, name);

    private string Do(string script) => HostCommand.Run("/bin/bash", "-ec", $"cd '{Folder}'\n{script}").Text();

    private string Describe(string folder) =>
        HostCommand.Run("/bin/bash", "-c", Description, "bash", Path.Combine(Folder, folder), Scratch("names")).Text();
}

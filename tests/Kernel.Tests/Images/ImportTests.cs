using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Engine;
using PsContainers.Images.Layers;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Imports that fail, are killed or meet each other: all of it comes in, or nothing stays.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class ImportTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Name_for_an_archive_of_two_images_is_refused_and_nothing_stays()
    {
        var archive = Archive("one", "two");
        var before = State();

        var error = Assert.Throws<ContainerEngineException>(() => Import(archive, "name"));

        Assert.Equal("ImageNameInvalid", error.ErrorId);
        Assert.Equal(before, State());
    }

    [Fact]
    public void Impossible_name_of_the_second_image_keeps_the_first_out_too()
    {
        var archive = Archive("one", "two@" + Digest.Of([1]));
        var before = State();

        Assert.Throws<ContainerEngineException>(() => Import(archive));

        Assert.Equal(before, State());
    }

    [Fact]
    public void What_a_killed_import_put_into_the_stores_goes_with_the_next_session()
    {
        var before = State();
        var layer = Path.Join(Host.Paths.Layers, new string('a', 26));
        var blob = Path.Join(Host.Paths.Blobs, "sha256", Digest.Of([1]).Hex);
        Directory.CreateDirectory(layer);
        File.WriteAllText(layer + ".json", "{}");
        File.WriteAllText(Path.Join(Host.Paths.Layers, new string('b', 26)) + ".json", "{}");
        File.WriteAllText(blob, "x");
        Directory.CreateDirectory(Path.Join(Host.Paths.Ingest, "killed"));

        using (ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            Assert.Equal(before, State());
        }
    }

    [Fact]
    public void Left_over_folder_is_cleared_away_however_deep_it_is()
    {
        var before = State();
        var directory = DirectoryDescriptor.Open(Host.Paths.Ingest);
        for (var depth = 0; depth < 3000; depth++)
        {
            directory.TryMakeDirectory("d", 0x1c0);
            var below = directory.OpenDirectory("d");
            directory.Dispose();
            directory = below;
        }

        directory.Dispose();

        using (ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            Assert.Equal(before, State());
        }
    }

    [Fact]
    public void Removal_beside_an_import_is_made_good_by_the_next_session()
    {
        var before = State();
        var image = Import(Archive("removed"))[0];
        using (var import = LockFile.Open(Host.Paths.ImagesLock))
        {
            Assert.True(import.TryLock(isShared: true));
            Services.RemoveImage.Execute(image.Id);
            Assert.NotEqual(before, State());
        }

        using (ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            Assert.Equal(before, State());
        }
    }

    [Fact]
    public void Damaged_manifest_stands_in_nobodys_way()
    {
        var before = State();
        var image = Import(Archive("damaged"))[0];
        var other = Import(Archive("other"))[0];
        var manifest = Path.Join(Host.Paths.Blobs, "sha256", image.Digest["sha256:".Length..]);
        var bytes = File.ReadAllBytes(manifest);
        File.WriteAllText(manifest, "damaged");

        Services.RemoveImage.Execute(other.Id);

        File.WriteAllBytes(manifest, bytes);
        Services.RemoveImage.Execute(image.Id);
        Assert.Equal(before, State());
    }

    [Fact]
    public void Full_disk_is_an_error_that_names_the_archive_and_nothing_stays()
    {
        var folder = Path.Join(Host.Scratch, "large");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Join(folder, "file"), new byte[3 << 20]);
        var small = Path.Join(Host.Scratch, "small");
        Directory.CreateDirectory(small);
        HostCommand.Run("/bin/mount", "-t", "tmpfs", "-o", "size=2m", "small", small).Text();
        try
        {
            var paths = new EnginePaths(Path.Join(small, "root"), Path.Join(small, "run"));
            using var services = ContainerServices.Open(paths, Repository.Launcher);

            var error = Assert.Throws<ContainerEngineException>(
                () => services.ImportImage.Execute(new ImageImport { Path = folder, RootFileSystem = true, Name = "large" }));

            Assert.Equal("ImageImportFailed", error.ErrorId);
            Assert.StartsWith($"'{folder}' cannot be imported: ", error.Message, StringComparison.Ordinal);
            Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(paths.Ingest));
        }
        finally
        {
            HostCommand.Run("/bin/umount", small).Text();
        }
    }

    private IReadOnlyList<ContainerImage> Import(string path, string? name = null) =>
        Services.ImportImage.Execute(new ImageImport { Path = path, Name = name });

    // What is on disk and who is listed.
    private List<string> State() =>
    [
        .. new[] { Host.Paths.Layers, Host.Paths.Blobs, Path.Join(Host.Paths.Blobs, "sha256"), Host.Paths.Ingest }
            .SelectMany(Directory.EnumerateFileSystemEntries).Order(StringComparer.Ordinal),
        .. Services.GetImages.Execute().SelectMany(image => image.Names.Prepend(image.Id)),
    ];

    /// <summary>A docker-archive with an image of one layer for each name.</summary>
    private string Archive(params string[] names)
    {
        var path = Path.Join(Host.Scratch, $"{Guid.NewGuid():n}.tar");
        using var file = File.Create(path);
        var writer = new TarWriter(file);
        var list = new JsonArray();
        foreach (var name in names)
        {
            var layer = Layer(name);
            var config = JsonSerializer.SerializeToUtf8Bytes<JsonNode>(new JsonObject
            {
                ["architecture"] = Platform.Current.Architecture,
                ["os"] = "linux",
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray($"{Digest.Of(layer)}") },
            });
            Add(writer, $"{list.Count}.tar", layer);
            Add(writer, $"{list.Count}.json", config);
            list.Add(new JsonObject
            {
                ["Config"] = $"{list.Count}.json",
                ["RepoTags"] = new JsonArray(name),
                ["Layers"] = new JsonArray($"{list.Count}.tar"),
            });
        }

        Add(writer, "manifest.json", JsonSerializer.SerializeToUtf8Bytes<JsonNode>(list));
        writer.Finish();
        return path;
    }

    private static byte[] Layer(string name)
    {
        using var bytes = new MemoryStream();
        var writer = new TarWriter(bytes);
        Add(writer, name, [1]);
        writer.Finish();
        return bytes.ToArray();
    }

    private static void Add(TarWriter writer, string name, byte[] content)
    {
        writer.Write(new TarEntry(TarEntryKind.File, name) { Mode = 0x1a4, Size = content.Length });
        writer.WriteData(content);
    }
}

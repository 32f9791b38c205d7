using System.Text;
using PsContainers.Fuzz.Mutation;
using PsContainers.Images.Archives;
using PsContainers.Oci;

namespace PsContainers.Fuzz.Targets;

/// <summary>Images as every program saves them, as tar archives.</summary>
internal static class ImageSeeds
{
    private const string Platform = """
        "platform":{"architecture":"amd64","os":"linux","variant":"v1"}
        """;

    public static IReadOnlyList<byte[]> Archives(Sandbox sandbox)
    {
        var image = Make(sandbox);
        ExportedImage[] named = [new(image.ManifestDigest, ["docker.io/library/a:latest", "registry.example/b:1"])];
        var (docker, oci) = (sandbox.PathOf("docker.tar"), sandbox.PathOf("oci.tar"));
        ImageArchiveWriter.WriteDockerArchive(docker, overwrite: true, sandbox.Content, named, CancellationToken.None);
        ImageArchiveWriter.WriteOciArchive(oci, overwrite: true, sandbox.Content, named, CancellationToken.None);
        var (saved, layout) = (File.ReadAllBytes(docker), File.ReadAllBytes(oci));
        sandbox.Clean();
        return [saved, layout, WithDockerTypes(layout), WithPlatforms(layout)];
    }

    /// <summary>Documents: the manifest, the index and the configuration of the archives.</summary>
    public static IReadOnlyList<byte[]> Documents(Sandbox sandbox) => [.. Archives(sandbox)
        .SelectMany(archive => ArchiveMutation.TryFiles(archive)!)
        .Select(file => file.Content)
        .Where(content => content is [(byte)'{' or (byte)'[', ..])
        .DistinctBy(Convert.ToHexString)];

    // Two layers, the upper one compressed.
    private static ImportedImage Make(Sandbox sandbox)
    {
        var path = sandbox.PathOf("root.tar");
        File.WriteAllBytes(path, LayerSeeds.Plain()[0]);
        using var lower = RootFileSystemImport.Stage(path, sandbox.Content, sandbox.Layers, new(), []);
        lower.Commit(() => { });
        var below = lower.Images[0];
        using var both = ChangedImage.Stage(
            "image", below.ManifestDigest, below.ChainIds, stream => stream.Write(LayerSeeds.Plain()[1]), Configuration,
            sandbox.Content, sandbox.Layers, CancellationToken.None);
        both.Commit(() => { });
        return both.Images[0];
    }

    private static byte[] Configuration(byte[] old, Digest? layer)
    {
        var config = ImageDocument.ReadConfig(old);
        return ImageDocument.Write(config with
        {
            Created = DateTimeOffset.UnixEpoch,
            Author = "nobody",
            Config = new()
            {
                User = "1:1",
                Env = ["A=b"],
                Cmd = ["sh"],
                Entrypoint = ["/init"],
                ExposedPorts = ["80/tcp"],
                Volumes = ["/v"],
                WorkingDir = "/",
                Labels = new Dictionary<string, string> { ["a"] = "b" },
                StopSignal = "SIGTERM",
            },
            RootFs = config.RootFs with { DiffIds = [.. config.RootFs.DiffIds!, layer!.Value] },
            History = [new() { Created = DateTimeOffset.UnixEpoch, CreatedBy = "sh" }, new() { EmptyLayer = true }],
        });
    }

    private static byte[] WithDockerTypes(byte[] layout)
    {
        var files = ArchiveMutation.TryFiles(layout)!;
        foreach (var (from, to) in new[]
        {
            (MediaTypes.Manifest, MediaTypes.DockerManifest), (MediaTypes.Config, MediaTypes.DockerConfig),
            (MediaTypes.LayerGzip, MediaTypes.DockerLayerGzip),
            (MediaTypes.Index, MediaTypes.DockerManifestList),
        })
        {
            ReplaceText(files, $"\"{from}\"", $"\"{to}\"");
        }

        return ArchiveMutation.ToTar(files);
    }

    private static byte[] WithPlatforms(byte[] layout)
    {
        var files = ArchiveMutation.TryFiles(layout)!;
        var index = files.FindIndex(file => file.Path == "index.json");
        var inner = Encoding.UTF8.GetString(files[index].Content).Replace(
            "\"annotations\"", $"{Platform},\"annotations\"", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(inner);
        var digest = Digest.Of(bytes);
        files.Add(($"blobs/sha256/{digest.Hex}", bytes));
        files[index] = ("index.json", ImageDocument.Write(new ImageIndex
        {
            SchemaVersion = 2,
            Manifests =
            [
                new()
                {
                    MediaType = MediaTypes.Index,
                    Digest = digest,
                    Size = bytes.Length,
                    Annotations = new Dictionary<string, string?> { [Descriptor.RefNameAnnotation] = "a:1" },
                },
            ],
        }));
        return ArchiveMutation.ToTar(files);
    }

    private static void ReplaceText(List<(string Path, byte[] Content)> files, string from, string to)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].Content is [(byte)'{', ..])
            {
                var text = Encoding.UTF8.GetString(files[i].Content).Replace(from, to, StringComparison.Ordinal);
                ArchiveMutation.Replace(files, i, Encoding.UTF8.GetBytes(text));
            }
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using PsContainers.Oci;
using static PsContainers.Images.Tests.Archives.SavedImage;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Archives;

/// <summary>What can be wrong with an image: a change to a good one of two layers, and what the error has to say.</summary>
internal static class BrokenImages
{
    private static readonly byte[] _zeros = Tar(File("zeros", new string('\0', 3_000_000)));
    private static readonly byte[] _climbing = Tar(File("../../escape"));

    internal static Dictionary<string, (string Cause, Action<SavedImage> Bend)> Layouts { get; } = new()
    {
        ["no image"] = ("lists no image", saved => saved.WriteIndex()),
        ["index is not JSON"] = ("index.json is not valid", saved => saved.Files["index.json"] = "{"u8.ToArray()),
        ["index is too long"] = ("index.json has 4194305 bytes", saved => saved.Files["index.json"] = new byte[4194305]),
        ["no index"] = ("index.json is missing", saved => saved.Files.Remove("index.json")),
        ["wrong digest of a layer"] = ("its digest is", saved => saved.Files[LayerBlob(1)][700] ^= 1),
        ["layer is cut short"] = ("cut short", saved => saved.Files[LayerBlob(1)] = saved.Files[LayerBlob(1)][..^1]),
        ["layer is too long"] = ("longer than", saved => saved.Files[LayerBlob(1)] = [.. saved.Files[LayerBlob(1)], 0]),
        ["layer is missing"] = ("is missing", saved => saved.Files.Remove(LayerBlob(1))),
        ["wrong digest of the manifest"] = ("the manifest blobs/sha256/", saved => Bend(saved, "image.manifest")),
        ["wrong digest of the configuration"] = ("the configuration blobs/sha256/", saved => Bend(saved, "diff_ids")),
        ["configuration is missing"] = ("the configuration is missing", saved => saved.Files.Remove(Find(saved, "diff_ids"))),
        ["manifest is missing"] = ("the manifest is missing", saved => saved.Files.Remove(Find(saved, "image.manifest"))),
        ["wrong digest of the uncompressed layer"] = (
            "uncompressed digest", saved => Replace(saved, [0, 1], Config([LayerTar(0), LayerTar(2)]))),
        ["too few layers"] = (
            "has 1 layers, but its configuration lists 2", saved => Replace(saved, [0], Config([LayerTar(0), LayerTar(1)]))),
        ["too many layers to stack"] = ("more than the 500", saved => Replace(saved, [.. Enumerable.Repeat(0, 501)])),
        ["of another system"] = ("windows", saved => Replace(saved, [0], Config([LayerTar(0)], os: "windows"))),
        ["no image for this machine"] = (
            "holds no image for",
            saved => saved.WriteIndex(saved.AddIndex("x", For(saved.AddImage(null, [LayerTar(0)]), "linux", "s390x")))),
        ["nested without end"] = (
            "nested more than",
            saved => saved.WriteIndex(Enumerable.Range(0, 5)
                .Aggregate(saved.AddImage(null, [LayerTar(0)]), (entry, _) => saved.AddIndex("x", entry)))),
        ["not an image but an artifact"] = (
            "application/vnd.cncf.helm",
            saved => saved.WriteIndex(saved.AddManifest(
                "x", saved.AddBlob("{}"u8.ToArray(), "application/vnd.cncf.helm.config.v1+json"), []))),
        ["layer of an unknown type"] = (
            "application/x-iso9660",
            saved => saved.WriteIndex(saved.AddManifest(
                "x", saved.AddBlob(Config([LayerTar(0)]), MediaTypes.Config), [saved.AddBlob(LayerTar(0), "application/x-iso9660")]))),
        ["wrong length of the manifest"] = ("instead of 1", saved => saved.WriteIndex(Resized(saved.AddImage("x", [LayerTar(0)]), 1))),
        ["impossible name of docker"] = (
            "'Not A Name' is not an image name",
            saved => saved.WriteIndex(Named(saved.AddImage(null, [LayerTar(0)]), "Not A Name", "io.containerd.image.name"))),
        ["layer is cut gzip"] = ("cannot be decompressed", saved => Pack(saved, tar => Gzip(tar)[..^9])),
        ["layer is damaged gzip"] = ("cannot be decompressed", saved => Pack(saved, tar => Damaged(Gzip(tar)))),
        ["layer is bzip2"] = ("bzip2", saved => Pack(saved, _ => "BZh91AY"u8.ToArray())),
        ["layer is a text"] = ("tar archive", saved => saved.WriteIndex(saved.AddImage("x", ["no tar archive at all"u8.ToArray()]))),
        ["layer climbs"] = ("'..'", saved => saved.WriteIndex(saved.AddImage("x", [LayerTar(0), _climbing]))),
        ["bomb"] = ("bomb", saved => saved.WriteIndex(saved.AddImage("x", [LayerTar(0), _zeros], pack: Gzip))),
    };

    internal static Dictionary<string, (string Cause, Action<SavedImage> Bend)> DockerArchives { get; } = new()
    {
        ["no image"] = ("lists no image", saved => saved.WriteManifest()),
        ["null"] = ("holds null", saved => saved.WriteManifest([null])),
        ["list is not JSON"] = ("manifest.json is not valid", saved => saved.Files["manifest.json"] = "[{]"u8.ToArray()),
        ["no configuration"] = ("manifest.json is not valid", saved => saved.Files["manifest.json"] = """[{"Layers":[]}]"""u8.ToArray()),
        ["text that is none"] = (
            "manifest.json is not valid", saved => saved.Files["manifest.json"] = """[{"Config":"\ud800"}]"""u8.ToArray()),
        ["configuration is missing"] = (".json is missing", saved => saved.Files.Remove(Find(saved, "diff_ids"))),
        ["wrong digest of the configuration"] = ("has the digest", saved => Bend(saved, "diff_ids")),
        ["layer is missing"] = ("layer 1/layer.tar: it is missing", saved => saved.Files.Remove("1/layer.tar")),
        ["wrong digest of a layer"] = ("layer 1/layer.tar: ", saved => saved.Files["1/layer.tar"] = LayerTar(7)),
        ["layer is cut short"] = ("layer 1/layer.tar: ", saved => saved.Files["1/layer.tar"] = LayerTar(1)[..1500]),
        ["impossible name"] = ("'a b' is not an image name", saved => Change(saved, "RepoTags", "a b")),
        ["null among the layers"] = ("holds null", saved => Change(saved, "Layers", "0/layer.tar", null)),
        ["layer elsewhere"] = ("it is missing", saved => Change(saved, "Layers", "../../etc/passwd", "/etc/passwd")),
        ["layer with a NUL"] = ("it is missing", saved => Change(saved, "Layers", "0/layer.tar\0", "x")),
        ["layer of a long name"] = ("it is missing", saved => Change(saved, "Layers", new string('n', 300), "x")),
        ["layer of a long path"] = (
            "it is missing", saved => Change(saved, "Layers", string.Join('/', Enumerable.Repeat("path", 2000)), "x")),
    };

    private static string Find(SavedImage saved, string text) => saved.Files
        .First(file => file.Key != "index.json" && Encoding.UTF8.GetString(file.Value).Contains(text, StringComparison.Ordinal)).Key;

    private static void Bend(SavedImage saved, string text)
    {
        var bytes = saved.Files[Find(saved, text)];
        bytes[^1] = bytes[^1] == (byte)'}' ? (byte)' ' : (byte)'}';
    }

    private static void Replace(SavedImage saved, int[] layers, byte[]? config = null) =>
        saved.WriteIndex(saved.AddImage("x", [.. layers.Select(LayerTar)], config));

    private static void Pack(SavedImage saved, Func<byte[], byte[]> pack) =>
        saved.WriteIndex(saved.AddImage("x", [LayerTar(0)], pack: pack));

    private static void Change(SavedImage saved, string member, params string?[] values)
    {
        var image = JsonNode.Parse(saved.Files["manifest.json"])![0]!.DeepClone().AsObject();
        image[member] = new JsonArray([.. values.Select(value => (JsonNode?)value)]);
        saved.WriteManifest(image);
    }

    private static JsonObject Resized(JsonObject entry, long size)
    {
        entry["size"] = size;
        return entry;
    }

    private static byte[] Damaged(byte[] bytes)
    {
        bytes[^6] ^= 1;
        return bytes;
    }
}

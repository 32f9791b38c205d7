using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Archives;

/// <summary>The files of an image as a tool would save it, to be bent by a test before they are written.</summary>
internal sealed class SavedImage
{
    internal SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    internal static string Architecture => Platform.Current.Architecture;

    /// <summary>An OCI layout of one image with layers of one file each: `layer0` and so on.</summary>
    internal static SavedImage Layout(int layers = 1, string? name = "busybox:1")
    {
        var saved = new SavedImage();
        saved.WriteIndex(saved.AddImage(name, [.. Enumerable.Range(0, layers).Select(LayerTar)]));
        return saved;
    }

    /// <summary>A docker-archive of one image with layers of one file each.</summary>
    internal static SavedImage Docker(int layers = 1, params string[] names)
    {
        var saved = new SavedImage();
        var tars = Enumerable.Range(0, layers).Select(LayerTar).ToList();
        var config = Config(tars);
        saved.Files[$"{Digest.Of(config).Hex}.json"] = config;
        for (var i = 0; i < layers; i++)
        {
            saved.Files[$"{i}/layer.tar"] = tars[i];
        }

        saved.WriteManifest(new JsonObject
        {
            ["Config"] = $"{Digest.Of(config).Hex}.json",
            ["RepoTags"] = names.Length == 0 ? null : new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
            ["Layers"] = new JsonArray([.. Enumerable.Range(0, layers).Select(i => JsonValue.Create($"{i}/layer.tar"))]),
        });
        return saved;
    }

    internal static byte[] LayerTar(int number) => LayerSandbox.Tar(LayerSandbox.File($"layer{number}", $"content {number}"));

    internal static byte[] Config(IReadOnlyList<byte[]> tars, string? os = null)
    {
        var diffIds = string.Join(',', tars.Select(tar => $"\"{Digest.Of(tar)}\""));
        return Encoding.UTF8.GetBytes($$"""
            { "architecture": "{{Architecture}}", "os": "{{os ?? "linux"}}", "config": { "Cmd": [ "sh" ], "Entrypoint": null },
              "rootfs": { "type": "layers", "diff_ids": [ {{diffIds}} ] } }
            """);
    }

    internal JsonObject AddBlob(byte[] content, string mediaType)
    {
        var digest = Digest.Of(content);
        Files[$"blobs/sha256/{digest.Hex}"] = content;
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = content.Length };
    }

    /// <summary>Adds a manifest over these layers; the descriptor is its entry of an index.</summary>
    internal JsonObject AddImage(string? name, IReadOnlyList<byte[]> tars, byte[]? config = null, Func<byte[], byte[]>? pack = null)
    {
        var configBlob = AddBlob(config ?? Config(tars), MediaTypes.Config);
        var layers = tars.Select(tar => AddBlob(pack is null ? tar : pack(tar), MediaTypes.Layer));
        return AddManifest(name, configBlob, layers);
    }

    internal JsonObject AddManifest(string? name, JsonObject config, IEnumerable<JsonObject> layers)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest,
            ["config"] = config,
            ["layers"] = new JsonArray([.. layers]),
        };
        return Named(AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString()), MediaTypes.Manifest), name);
    }

    internal JsonObject AddIndex(string? name, params JsonObject[] entries) =>
        Named(AddBlob(IndexBytes(entries), MediaTypes.Index), name);

    internal static JsonObject Named(JsonObject entry, string? name, string annotation = "org.opencontainers.image.ref.name")
    {
        if (name is not null)
        {
            entry["annotations"] = new JsonObject { [annotation] = name };
        }

        return entry;
    }

    internal static JsonObject For(JsonObject entry, string os, string architecture)
    {
        entry["platform"] = new JsonObject { ["os"] = os, ["architecture"] = architecture };
        return entry;
    }

    internal void WriteIndex(params JsonObject[] entries)
    {
        Files["oci-layout"] = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();
        Files["index.json"] = IndexBytes(entries);
    }

    internal void WriteManifest(params JsonObject?[] images) =>
        Files["manifest.json"] = Encoding.UTF8.GetBytes(new JsonArray([.. images]).ToJsonString());

    internal static string LayerBlob(int number) => $"blobs/sha256/{Digest.Of(LayerTar(number)).Hex}";

    internal string WriteFolder(string path)
    {
        foreach (var (name, content) in Files)
        {
            var file = Path.Combine(path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }

        return path;
    }

    internal string WriteTar(string path, params ReadOnlySpan<(TarEntry Entry, byte[] Data)> more)
    {
        File.WriteAllBytes(path, ToTar(more));
        return path;
    }

    internal byte[] ToTar(params ReadOnlySpan<(TarEntry Entry, byte[] Data)> more) => LayerSandbox.Tar(
        [.. Files.Select(file => (new TarEntry(TarEntryKind.File, file.Key) { Mode = 0x1a4 }, file.Value)), .. more]);

    private static byte[] IndexBytes(JsonObject[] entries) => JsonSerializer.SerializeToUtf8Bytes<JsonNode>(
        new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray([.. entries.Select(entry => entry.DeepClone())]) });
}

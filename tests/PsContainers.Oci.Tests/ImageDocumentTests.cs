using System.Text;
using System.Text.Json;

namespace PsContainers.Oci.Tests;

public sealed class ImageDocumentTests
{
    private const string Digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string Minimum = """
        "os": "linux", "architecture": "amd64", "rootfs": { "type": "layers" }
        """;

    private const string Descriptor = $$"""{ "mediaType": "m", "digest": "{{Digest}}", "size": 7 }""";

    [Fact]
    public void Manifest_is_read()
    {
        var manifest = Manifest($$"""
            {
              "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
              "config": {{Descriptor}}, "layers": [ {{Descriptor}}, {{Descriptor}} ],
              "annotations": { "a": "b" }, "future": [ 1 ]
            }
            """);

        Assert.Equal(Oci.Digest.Parse(Digest), manifest.Config.Digest);
        Assert.Equal(7, manifest.Layers[1].Size);
        Assert.Equal("b", manifest.Annotations!["a"]);
    }

    [Theory]
    [InlineData($$"""{ "schemaVersion": 2, "layers": [] }""", "config")]
    [InlineData($$"""{ "schemaVersion": 2, "config": null, "layers": [] }""", "config")]
    [InlineData($$"""{ "schemaVersion": 2, "config": {{Descriptor}} }""", "layers")]
    [InlineData($$"""{ "schemaVersion": 2, "config": {{Descriptor}}, "layers": null }""", "layers")]
    [InlineData($$"""{ "schemaVersion": 2, "config": {{Descriptor}}, "layers": [ null ] }""", "layers")]
    [InlineData($$"""{ "schemaVersion": 1, "config": {{Descriptor}}, "layers": [] }""", "version 1")]
    [InlineData($$"""{ "schemaVersion": 2, "config": {{Descriptor}}, "layers": [], "manifests": [] }""", "manifests")]
    [InlineData($$"""{ "schemaVersion": 2, "config": {{Descriptor}}, "layers": [], "layers": [] }""", "layers")]
    [InlineData($$"""{ "schemaVersion": 2, "mediaType": "{{MediaTypes.Index}}", "config": {{Descriptor}}, "layers": [] }""", "index")]
    [InlineData($$"""{ "schemaVersion": 2, "config": { "mediaType": "m", "digest": "{{Digest}}", "size": -1 } }""", "negative")]
    [InlineData($$"""{ "schemaVersion": 2, "config": { "mediaType": "m", "digest": "{{Digest}}" }, "layers": [] }""", "size")]
    [InlineData("null", "null")]
    [InlineData("[]", "$")]
    [InlineData("", "$")]
    [InlineData($$"""{ "schemaVersion": 2, "config": {{Descriptor}}, "layers": [] } x""", "x")]
    public void Manifest_that_is_wrong_is_refused(string json, string place) =>
        Assert.Contains(place, Assert.Throws<JsonException>(() => Manifest(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "schemaVersion": 2 }""", "manifests")]
    [InlineData("""{ "schemaVersion": 2, "manifests": [ null ] }""", "manifests")]
    [InlineData("""{ "schemaVersion": 2, "manifests": [], "layers": [] }""", "layers")]
    [InlineData("""{ "schemaVersion": 2, "manifests": [], "mediaType": "application/vnd.oci.image.manifest.v1+json" }""", "manifest.v1")]
    public void Index_that_is_wrong_is_refused(string json, string place) => Assert.Contains(
        place, Assert.Throws<JsonException>(() => ImageDocument.ReadIndex(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void Nulls_that_tools_write_are_accepted()
    {
        var config = Config("""
            {
              "architecture": "amd64", "os": "linux", "created": null, "author": null, "history": null,
              "rootfs": { "type": "layers", "diff_ids": null },
              "config": {
                "Cmd": null, "Entrypoint": null, "Env": null, "Volumes": null, "ExposedPorts": null, "Labels": null,
                "OnBuild": null, "User": null
              }
            }
            """);

        Assert.Null(config.Config!.Cmd);
        Assert.Null(config.RootFs.DiffIds);
    }

    [Fact]
    public void Configuration_survives_reading_and_writing()
    {
        var config = Config($$"""
            {
              "created": "2024-05-01T10:20:30.123456789Z", "author": "me",
              "architecture": "arm64", "variant": "v8", "os": "linux", "os.version": "1",
              "config": {
                "User": "1:2", "Env": [ "A=b" ], "Entrypoint": [ "/e" ], "Cmd": [ "c" ], "WorkingDir": "/w", "StopSignal": "SIGINT",
                "Labels": { "l": "m" }, "Volumes": { "/v": {} }, "ExposedPorts": { "80/tcp": {}, "53/udp": {} }
              },
              "rootfs": { "type": "layers", "diff_ids": [ "{{Digest}}" ] },
              "history": [ { "created": "2024-05-01T10:20:30Z", "created_by": "step", "empty_layer": true } ]
            }
            """);

        var written = JsonSerializer.Serialize(config, OciJson.Default.ImageConfig);
        var again = Config(written);

        Assert.Equal(written, JsonSerializer.Serialize(again, OciJson.Default.ImageConfig));
        Assert.Equal(["80/tcp", "53/udp"], again.Config!.ExposedPorts!);
        Assert.Equal(["/v"], again.Config.Volumes!);
        Assert.Equal("m", again.Config.Labels!["l"]);
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 20, 30, TimeSpan.Zero).AddTicks(1234567), again.Created);
        Assert.True(again.History![0].EmptyLayer);
        Assert.Equal(Oci.Digest.Parse(Digest), Assert.Single(again.RootFs.DiffIds!));
    }

    [Theory]
    [InlineData("""{ "os": "linux", "rootfs": { "type": "layers" } }""", "architecture")]
    [InlineData("""{ "os": "linux", "architecture": "amd64" }""", "rootfs")]
    [InlineData("""{ "os": "linux", "architecture": "amd64", "rootfs": { "type": "tree" } }""", "tree")]
    [InlineData("""{ "os": "linux", "architecture": "amd64", "rootfs": { "type": "layers", "diff_ids": [ "x" ] } }""", "diff_ids")]
    [InlineData($$"""{ {{Minimum}}, "config": { "Cmd": "sh" } }""", "Cmd")]
    [InlineData($$"""{ {{Minimum}}, "config": { "Cmd": [ null ] } }""", "Cmd")]
    [InlineData($$"""{ {{Minimum}}, "config": { "Labels": { "a": null } } }""", "Labels")]
    [InlineData($$"""{ {{Minimum}}, "config": { "Volumes": [ "/v" ] } }""", "Volumes")]
    public void Configuration_that_is_wrong_is_refused(string json, string place) =>
        Assert.Contains(place, Assert.Throws<JsonException>(() => Config(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Document_longer_than_4_MiB_is_not_read()
    {
        var bytes = new byte[ImageDocument.MaximumLength + 1];
        bytes.AsSpan().Fill((byte)' ');

        Assert.Contains("4194305", Assert.Throws<JsonException>(() => ImageDocument.ReadManifest(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_that_nests_without_end_is_refused() =>
        Assert.Throws<JsonException>(() => Manifest("""{ "x": """ + new string('[', 100_000)));

    private static ImageManifest Manifest(string json) => ImageDocument.ReadManifest(Encoding.UTF8.GetBytes(json));

    private static ImageConfig Config(string json) => ImageDocument.ReadConfig(Encoding.UTF8.GetBytes(json));
}

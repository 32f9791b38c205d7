namespace PsContainers.Fuzz.Mutation;

/// <summary>Words that are likely to mean something to whoever reads them.</summary>
internal static class Vocabulary
{
    public static IReadOnlyList<string> FileNames { get; } =
    [
        "a", "b", "c", "a/b", "a/b/c", "b/a", "c/a", "a/", "./a", "/a", "//a", ".", "./", "/", "..", "../escape", "a/../../escape",
        "a/..", "", ".wh.a", ".wh.b", "a/.wh.b", ".wh.", ".wh..", ".wh...", ".wh..wh.a", ".wh..wh..opq", "a/.wh..wh..opq",
        ".wh..wh..opq/a", ".wh.a/b", "a/.wh.b/c", ".wh..wh.plnk/1", "a\nb", "a\u001b[2Jb", "é", "\udcff", "a\udc80", "a\\b", "a:b", "~",
        "-rf",
        new('n', 255), new('n', 256), "a/" + new string('n', 255), string.Concat(Enumerable.Repeat("d/", 300)) + "x",
        string.Concat(Enumerable.Repeat("d/", 2040)) + "x", string.Concat(Enumerable.Repeat("d/", 2100)) + "x",
        "a/" + string.Concat(Enumerable.Repeat("d/", 2000)) + "l",
    ];

    public static IReadOnlyList<string> LinkTargets { get; } =
    [
        .. FileNames, "/", "..", "../..", "../../../../../../etc", "/etc", "/escape", "/proc/self/root", "/proc/self/fd/1",
        "../outside/file", "../../../../outside", "a", "b", "c",
        "b", "a", "../a", new('t', 4095), new('t', 4096), "a/" + new string('t', 300),
        string.Concat(Enumerable.Repeat("../", 1000)) + "escape",
    ];

    public static IReadOnlyList<string> Texts { get; } =
    [
        "", " ", "0", "-1", "null", "latest", "linux", "amd64", "layers", "unknown", "..", "../../escape", "/", "\\", "'", "\"", "%s%n",
        "\0", "\n", "\u001b[2J",
        "\u202e", "é", "\ud83d\ude00", "\ufeff", "9223372036854775808", "1e400", "busybox", "docker.io/library/busybox:latest", "a:b@c",
        "[::1]:5000/a",
        "sha256:", "sha256:" + new string('0', 64), "sha512:" + new string('a', 128), "sha256:../../../escape", new('x', 255),
        new('y', 5000), new('é', 300),
        "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.container.image.v1+json", "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "text/html", "2024-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999-14:00",
    ];

    public static IReadOnlyList<string> Keys { get; } =
    [
        "schemaVersion", "mediaType", "config", "layers", "manifests", "digest", "size", "platform", "annotations", "urls", "os",
        "architecture", "variant",
        "os.features", "rootfs", "diff_ids", "type", "history", "Env", "Labels", "Config", "RepoTags", "Layers", "data", "token",
        "errors", "", "$type", "$id",
        "org.opencontainers.image.ref.name", "io.containerd.image.name", "auths", "auth", "credHelpers", "tags", "artifactType",
        "subject", "ExposedPorts", "Volumes",
    ];
}

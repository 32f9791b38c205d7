using System.Text.Json;
using System.Text.Json.Serialization;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Imports the images of what `docker save` writes, and Podman, Skopeo, Kaniko and Bazel in their own ways.</summary>
/// <remarks>https://github.com/moby/docker-image-spec/blob/v1.3.1/v1.2.md#combined-image-json--filesystem-changeset-format</remarks>
internal sealed class DockerArchive(IImageFiles files, ImageStaging staging)
{
    internal const string List = "manifest.json";

    internal IReadOnlyList<ImportedImage> Import()
    {
        var list = Documents.Read(
            files.ReadDocument(List), List, bytes => JsonSerializer.Deserialize(bytes, DockerArchiveJson.Default.DockerArchiveImageArray));
        return list is { Length: > 0 }
            ? [.. list.Select(image => Import(image ?? throw new ImageFormatException($"{List} holds null")))]
            : throw new ImageFormatException($"{List} lists no image");
    }

    private ImportedImage Import(DockerArchiveImage image)
    {
        var config = files.ReadDocument(LinuxPath(image.Config));
        Compare(image.Config, Digest.Of(config));
        var sources = (image.Layers ?? []).Select(SourceOf).ToList();
        var staged = staging.AddImage(config, configDigest: null, sources);
        var names = (image.RepoTags ?? []).Select(ImageNames.Complete).Distinct(StringComparer.Ordinal);
        return staged.Named(staging.PutManifest(staged).Digest, [.. names]);
    }

    private ArchivedLayer SourceOf(string path) => new(path, DigestIn(path, "blobs/sha256/"), length: null, () =>
        files.TryOpen(LinuxPath(path)) ?? throw new ImageFormatException("it is missing"));

    // Programs that were written for Windows use its separator.
    private static string LinuxPath(string path) => path.Replace('\\', '/').TrimStart('/');

    // The name says the digest in the styles of all these programs: `‹hex›.json` and `blobs/sha256/‹hex›`.
    private static void Compare(string path, Digest digest)
    {
        if ((DigestIn(path, "blobs/sha256/") ?? DigestIn(Path.GetFileNameWithoutExtension(path), "")) is { } expected && expected != digest)
        {
            throw new ImageFormatException($"the configuration {path} has the digest {digest}");
        }
    }

    private static Digest? DigestIn(string path, string prefix) => path.StartsWith(prefix, StringComparison.Ordinal)
        && Digest.TryParse($"sha256:{path[prefix.Length..]}", out var digest) ? digest : null;
}

/// <summary>An image in the list of a docker-archive.</summary>
internal sealed record DockerArchiveImage : IJsonOnDeserialized
{
    [JsonPropertyName("Config")]
    public required string Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>The lowest first.</summary>
    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        if ((RepoTags ?? []).Concat(Layers ?? []).Any(text => text is null))
        {
            throw new JsonException("a list of an image holds null");
        }
    }
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(DockerArchiveImage[]))]
internal sealed partial class DockerArchiveJson : JsonSerializerContext;

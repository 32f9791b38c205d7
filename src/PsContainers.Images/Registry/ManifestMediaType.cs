using System.Text.Json.Nodes;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Registry;

/// <summary>Tells what a document is whose registry may not say it.</summary>
internal static class ManifestMediaType
{
    internal static bool IsKnown(string? mediaType) =>
        mediaType is not null && (MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType));

    /// <param name="announced">The answer's Content-Type.</param>
    internal static string Of(string? announced, ReadOnlySpan<byte> document) => announced switch
    {
        not null when IsKnown(announced) => announced,
        null or "application/json" or "text/plain" or "application/octet-stream" => Of(document),
        "application/vnd.docker.distribution.manifest.v1+json" or "application/vnd.docker.distribution.manifest.v1+prettyjws" =>
            throw new RegistryFault("it is in Docker's schema 1, which has been out of use since 2019"),
        _ => throw new RegistryFault($"its answer is {AnswerHeaders.Quoted(announced)} instead of a manifest"),
    };

    private static string Of(ReadOnlySpan<byte> document)
    {
        var root = ForeignJson.Parse(document) as JsonObject ?? throw new RegistryFault("its answer is no manifest");
        var own = root["mediaType"] is JsonValue member && member.TryGetValue<string>(out var text) ? text : null;
        return IsKnown(own) ? own!
            : root.ContainsKey("manifests") ? MediaTypes.Index
            : root.ContainsKey("layers") ? MediaTypes.Manifest
            : throw new RegistryFault("its answer is no manifest");
    }
}

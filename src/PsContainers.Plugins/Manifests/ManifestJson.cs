using System.Text.Json.Serialization;
using PsContainers.Plugins.Discovery;

namespace PsContainers.Plugins.Manifests;

/// <summary>How <c>plugin.json</c> is read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PluginManifest))]
[JsonSerializable(typeof(RegisteredList))]
internal sealed partial class ManifestJson : JsonSerializerContext;

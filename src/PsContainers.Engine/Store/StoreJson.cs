using System.Text.Json.Serialization;

namespace PsContainers.Engine.Store;

/// <summary>How documents inside the store's rows are read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ContainerSettings))]
[JsonSerializable(typeof(ManifestEntrySettings))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string?>))]
internal sealed partial class StoreJson : JsonSerializerContext;

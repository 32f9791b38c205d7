using System.Text.Json.Serialization;
using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>How documents inside the store's rows are read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ContainerSettings))]
[JsonSerializable(typeof(ManifestEntrySettings))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string?>))]
[JsonSerializable(typeof(IEnumerable<string>))]
[JsonSerializable(typeof(NetworkDefinition))]
[JsonSerializable(typeof(AttachmentPlan))]
[JsonSerializable(typeof(AttachmentResult))]
[JsonSerializable(typeof(VolumeDefinition))]
[JsonSerializable(typeof(VolumeResult))]
[JsonSerializable(typeof(VolumeMountResult))]
internal sealed partial class StoreJson : JsonSerializerContext;

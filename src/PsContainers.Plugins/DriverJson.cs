using System.Text.Json.Serialization;
using PsContainers.Drivers;

namespace PsContainers.Plugins;

/// <summary>How the records of the driver contract are written and read, on the wire and in the store.</summary>
/// <remarks>
/// What it wrote, it reads back whole. A list that a stranger left out is null after reading, whatever its type says: the generated code
/// has no initial values (dotnet/runtime issue 58770). What a plugin answers is completed for that reason before anybody sees it.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(NetworkDefinition))]
[JsonSerializable(typeof(AttachmentRequest))]
[JsonSerializable(typeof(AttachmentPlan))]
[JsonSerializable(typeof(AttachmentResult))]
[JsonSerializable(typeof(AttachmentRecord))]
[JsonSerializable(typeof(VolumeDefinition))]
[JsonSerializable(typeof(VolumeResult))]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(VolumeMountResult))]
[JsonSerializable(typeof(VolumeUse))]
[JsonSerializable(typeof(VolumeUseRecord))]
[JsonSerializable(typeof(IReadOnlyList<PortMapping>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class DriverJson : JsonSerializerContext;

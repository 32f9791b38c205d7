using System.Text.Json.Serialization;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Contract;

/// <summary>How messages to and from a process are written and read; what they hold is as in <see cref="DriverJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(CamelCaseNames<DriverErrorKind>)])]
[JsonSerializable(typeof(HelloQuestion))]
[JsonSerializable(typeof(HelloAnswer))]
[JsonSerializable(typeof(DefineQuestion))]
[JsonSerializable(typeof(PlanQuestion))]
[JsonSerializable(typeof(AttachQuestion))]
[JsonSerializable(typeof(DetachQuestion))]
[JsonSerializable(typeof(PublishQuestion))]
[JsonSerializable(typeof(UpkeepQuestion))]
[JsonSerializable(typeof(DefineVolumeQuestion))]
[JsonSerializable(typeof(CreateVolumeQuestion))]
[JsonSerializable(typeof(RemoveVolumeQuestion))]
[JsonSerializable(typeof(MountVolumeQuestion))]
[JsonSerializable(typeof(UnmountVolumeQuestion))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(DriverError))]
[JsonSerializable(typeof(DriverErrorData))]
internal sealed partial class MessageJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace PsContainers.Plugins.Discovery;

/// <summary>How the list of registered plugins is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RegisteredList))]
internal sealed partial class RegisteredJson : JsonSerializerContext;

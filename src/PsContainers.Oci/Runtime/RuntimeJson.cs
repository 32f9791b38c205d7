using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>Writes a config.json; made at compile time for native programs. <see cref="Reading.RuntimeSpecReader"/> reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(LinuxSeccomp))]
public sealed partial class RuntimeJson : JsonSerializerContext;

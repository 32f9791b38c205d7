using System.Text.Json.Serialization;

namespace PsContainers.Runtime.Features;

/// <summary>How the document is written; made at compile time, so it works in a native program.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(FeaturesDocument))]
public sealed partial class FeaturesJson : JsonSerializerContext;

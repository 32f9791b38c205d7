using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Plugins.Json;

/// <summary>Writes an enum's members as JSON writes names, and reads no numbers.</summary>
internal sealed class CamelCaseNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

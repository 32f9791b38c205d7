using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>Reads an enum by the specification's spelling; numbers are refused.</summary>
public sealed class SpecEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(namingPolicy: null, allowIntegerValues: false)
    where TEnum : struct, Enum;

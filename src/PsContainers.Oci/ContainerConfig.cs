using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>The defaults an image has for its containers; this part of the configuration is spelled with capitals.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties</remarks>
public sealed record ContainerConfig : IJsonOnDeserialized
{
    [JsonPropertyName("User")]
    public string? User { get; init; }

    /// <summary>Ports such as `80/tcp`.</summary>
    [JsonPropertyName("ExposedPorts")]
    [JsonConverter(typeof(JsonKeys))]
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Env { get; init; }

    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonPropertyName("Cmd")]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Directories that want a volume.</summary>
    [JsonPropertyName("Volumes")]
    [JsonConverter(typeof(JsonKeys))]
    public IReadOnlyList<string>? Volumes { get; init; }

    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        ImageDocument.CheckNoNull(Env, "Env");
        ImageDocument.CheckNoNull(Entrypoint, "Entrypoint");
        ImageDocument.CheckNoNull(Cmd, "Cmd");
        ImageDocument.CheckNoNull(Labels?.Values, "Labels");
    }
}

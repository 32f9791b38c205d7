using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Plugins.Docker;

/// <summary>A file that says where a plugin listens.</summary>
internal sealed record DockerSpec
{
    public string? Addr { get; init; }

    [JsonPropertyName("TLSConfig")]
    public JsonElement? TlsConfig { get; init; }
}

/// <summary>Nothing more than the name of the call.</summary>
internal sealed record DockerQuestion;

internal sealed record DockerCreate(string Name, IReadOnlyDictionary<string, string> Opts);

internal sealed record DockerName(string Name);

/// <param name="Id">Who uses the volume.</param>
internal sealed record DockerUse(string Name, [property: JsonPropertyName("ID")] string Id);

/// <summary>The answer of a call that has nothing to say but that it is done.</summary>
internal record DockerAnswer
{
    /// <summary>Why it failed; null or empty when it didn't.</summary>
    public string? Err { get; init; }

    [JsonIgnore]
    public bool IsDone => string.IsNullOrEmpty(Err);
}

internal sealed record DockerActivation : DockerAnswer
{
    public IReadOnlyList<string?>? Implements { get; init; }
}

internal sealed record DockerMount : DockerAnswer
{
    public string? Mountpoint { get; init; }
}

internal sealed record DockerVolume
{
    public string? Name { get; init; }
}

internal sealed record DockerFound : DockerAnswer
{
    public DockerVolume? Volume { get; init; }
}

internal sealed record DockerList : DockerAnswer
{
    public IReadOnlyList<DockerVolume?>? Volumes { get; init; }
}

/// <summary>What the engine wrote down of a volume's name at a plugin.</summary>
/// <param name="Name">For people: the file's name is made of it, and can't be read.</param>
/// <param name="Id">The engine's volume.</param>
/// <param name="IsAdopted">It was there before, and stays.</param>
internal sealed record DockerClaim(string Name, string Id, bool IsAdopted);

/// <summary>How messages to and from Docker plugins are written and read: with capitals, and as lenient as Docker itself.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(DockerSpec))]
[JsonSerializable(typeof(DockerQuestion))]
[JsonSerializable(typeof(DockerCreate))]
[JsonSerializable(typeof(DockerName))]
[JsonSerializable(typeof(DockerUse))]
[JsonSerializable(typeof(DockerAnswer))]
[JsonSerializable(typeof(DockerActivation))]
[JsonSerializable(typeof(DockerMount))]
[JsonSerializable(typeof(DockerFound))]
[JsonSerializable(typeof(DockerList))]
[JsonSerializable(typeof(DockerClaim))]
internal sealed partial class DockerJson : JsonSerializerContext;

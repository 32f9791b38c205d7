using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Plugins.Cni;

/// <summary>How what CNI plugins answer is read: what is unknown is the plugin's own, and passed over.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CniResult))]
[JsonSerializable(typeof(CniErrorObject))]
[JsonSerializable(typeof(CniVersionAnswer))]
internal sealed partial class CniJson : JsonSerializerContext
{
    public static JsonDocumentOptions Strictly { get; } = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
}

/// <summary>What ADD answers, from 0.3.0 on.</summary>
internal sealed record CniResult
{
    public string? CniVersion { get; init; }

    public IReadOnlyList<CniInterface>? Interfaces { get; init; }

    public IReadOnlyList<CniAddress>? Ips { get; init; }

    public CniNames? Dns { get; init; }
}

/// <summary>A link that a plugin made.</summary>
/// <param name="Sandbox">The network namespace; nothing for a link of the host.</param>
internal sealed record CniInterface(string? Name, string? Mac, string? Sandbox);

/// <param name="Interface">Which of the result's interfaces has it.</param>
internal sealed record CniAddress(string? Address, string? Gateway, int? Interface);

internal sealed record CniNames(IReadOnlyList<string?>? Nameservers, string? Domain, IReadOnlyList<string?>? Search);

/// <summary>What a plugin that fails answers.</summary>
internal sealed record CniErrorObject(int? Code, string? Msg, string? Details);

/// <summary>What VERSION answers.</summary>
internal sealed record CniVersionAnswer(IReadOnlyList<string?>? SupportedVersions);

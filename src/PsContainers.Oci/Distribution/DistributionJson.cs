using System.Text.Json.Serialization;

namespace PsContainers.Oci.Distribution;

/// <summary>How what a registry or a token server answers is read; members that are unknown here are passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorList))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(SearchAnswer))]
public sealed partial class DistributionJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace PsContainers.Oci.Distribution;

/// <summary>A token server's answer.</summary>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/ and …/auth/oauth/</remarks>
public sealed record TokenAnswer
{
    /// <summary>Seconds that a token is good for when its server does not say.</summary>
    public const long DefaultLifetime = 60;

    public string? Token { get; init; }

    /// <summary>The name that OAuth 2 has for <see cref="Token"/>.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Seconds.</summary>
    public long? ExpiresIn { get; init; }

    /// <summary>What opens the registry; null when the server gave nothing.</summary>
    [JsonIgnore]
    public string? Bearer => Token is { Length: > 0 } ? Token : AccessToken is { Length: > 0 } ? AccessToken : null;

    // Says its kind only: a log must not open the registry.
    public override string ToString() => nameof(TokenAnswer);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace PsContainers.Images.Tests.Registry;

/// <summary>A token server that a real registry believes, for it signs with the key that the registry was told.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    internal const string User = "ann", Password = "s3cret:word";

    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly RawServer _server;

    internal TokenIssuer()
    {
        var request = new CertificateRequest("CN=issuer", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _server = new(Answer);
    }

    internal string Host => _server.Host;

    /// <summary>Seconds; what is issued is good for so long.</summary>
    internal int Lifetime { get; set; } = 300;

    /// <summary>Whether nobody gets anything without a password.</summary>
    internal bool IsPrivate { get; set; }

    internal IReadOnlyList<RawRequest> Requests => [.. _server.Requests];

    /// <summary>What the registry's configuration says about this.</summary>
    internal string RegistrySection(string folder)
    {
        var bundle = Path.Combine(folder, "issuer.pem");
        File.WriteAllText(bundle, _certificate.ExportCertificatePem());
        return $"auth:\n  token:\n    realm: http://{Host}/token\n    service: test\n    issuer: psc\n    rootcertbundle: {bundle}";
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
        _key.Dispose();
    }

    private RawAnswer Answer(RawRequest request)
    {
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";
        if (request["Authorization"] is { } shown ? shown != basic : IsPrivate)
        {
            return RawAnswer.Of(401, """{"details":"incorrect username or password"}""", "Content-Type: application/json");
        }

        var query = new Uri($"http://x{request.Path}").Query.TrimStart('?').Split('&').Select(Uri.UnescapeDataString);
        var scopes = query.Where(part => part.StartsWith("scope=", StringComparison.Ordinal)).Select(part => part["scope=".Length..]);
        var answer = new JsonObject { ["token"] = Issue(scopes), ["expires_in"] = Lifetime };
        return RawAnswer.Of(200, answer.ToJsonString(), "Content-Type: application/json");
    }

    /// <summary>A token of the form of https://distribution.github.io/distribution/spec/auth/jwt/</summary>
    private string Issue(IEnumerable<string> scopes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "RS256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)),
        };
        var claims = new JsonObject
        {
            ["iss"] = "psc",
            ["aud"] = "test",
            ["sub"] = User,
            ["exp"] = now + Lifetime,
            ["nbf"] = now - 10,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString(),
            ["access"] = new JsonArray([.. scopes.Select(scope => scope.Split(':', 3)).Select(parts => (JsonNode)new JsonObject
            {
                ["type"] = parts[0],
                ["name"] = parts[1],
                ["actions"] = new JsonArray([.. parts[2].Split(',').Select(action => (JsonNode)action)]),
            })]),
        };
        var text = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}

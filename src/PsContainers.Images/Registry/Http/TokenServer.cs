using System.Net.Http.Headers;
using System.Text.Json;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Oci.Distribution;

namespace PsContainers.Images.Registry.Http;

/// <summary>Fetches the tokens that a registry takes from the server that it names.</summary>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/ and …/auth/oauth/</remarks>
internal sealed class TokenServer(
    HttpMessageInvoker client, RegistryEndpoint endpoint, AddressGuard guard, Secrets secrets, RegistrySettings settings)
{
    private const int MaximumAnswer = 1024 * 1024;
    private const string ClientName = "pscontainers";

    internal async Task<Token> FetchAsync(Challenge challenge, string scope, Credential? credential, CancellationToken stop)
    {
        var realm = Realm(challenge);
        try
        {
            await guard.CheckAsync(realm, stop).ConfigureAwait(false);
            using var request = Request(realm, challenge["service"], Scopes(challenge, scope), credential);
            using var response = await client.SendAsync(request, stop).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? TokenOf(await AnswerBody.ReadAsync(response, MaximumAnswer, settings, stop).ConfigureAwait(false))
                : throw await AnswerBody.FaultAsync(response, secrets, settings, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (RegistryTask.FaultOf(e) is { } fault)
        {
            throw new RegistryFault($"token server {realm.Authority}: {fault.Message}", fault.InnerException)
            {
                Status = fault.Status,
                Code = fault.Code,
            };
        }
    }

    // The registry may know better what it wants; what we are going to do comes first.
    private static IEnumerable<string> Scopes(Challenge challenge, string scope) =>
        $"{scope} {challenge["scope"]}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct();

    private static string Query(IEnumerable<(string Name, string? Value)> fields) => string.Join('&', fields
        .Where(field => !string.IsNullOrEmpty(field.Value))
        .Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}"));

    private Uri Realm(Challenge challenge)
    {
        var text = challenge["realm"] ?? throw new RegistryFault("it wants a token and does not say from where");
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var realm) && realm.UserInfo.Length == 0
            && (realm.Scheme == Uri.UriSchemeHttps || realm.Scheme == Uri.UriSchemeHttp);
        if (!isAddress)
        {
            throw new RegistryFault($"it wants a token from what is no address: {AnswerHeaders.Quoted(text)}");
        }

        return realm!.Scheme == Uri.UriSchemeHttps || endpoint.IsInsecure
            ? realm
            : throw new RegistryFault($"it wants a token from {realm.Authority} without TLS");
    }

    // A password goes by GET, which every server knows; only an identity token needs OAuth's POST.
    private HttpRequestMessage Request(Uri realm, string? service, IEnumerable<string> scopes, Credential? credential)
    {
        if (credential?.IdentityToken is { } identity)
        {
            return new(HttpMethod.Post, realm)
            {
                Content = new FormUrlEncodedContent(
                [
                    new("grant_type", "refresh_token"), new("service", service ?? ""), new("scope", string.Join(' ', scopes)),
                    new("client_id", ClientName), new("refresh_token", identity),
                ]),
            };
        }

        var query = Query([("service", service), ("client_id", ClientName), .. scopes.Select(scope => ("scope", (string?)scope))]);
        var address = new UriBuilder(realm) { Fragment = "" };
        address.Query = address.Query.Length > 1 ? $"{address.Query}&{query}" : query;
        var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        if (credential?.Password is { } password)
        {
            request.Headers.Authorization = new("Basic", secrets.Basic(credential.UserName, password));
        }

        return request;
    }

    private Token TokenOf(byte[] body)
    {
        var answer = JsonSerializer.Deserialize(body, DistributionJson.Default.TokenAnswer);
        var bearer = answer?.Bearer ?? throw new RegistryFault("its answer has no token");
        if (!AuthenticationHeaderValue.TryParse($"Bearer {bearer}", out _) || bearer.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new RegistryFault("its token is not one that a header could hold");
        }

        // A tenth earlier, for the way takes time. By our own clock alone: the server's may be wrong.
        var lifetime = Math.Clamp(answer.ExpiresIn ?? TokenAnswer.DefaultLifetime, 0, (long)TimeSpan.FromDays(1).TotalSeconds);
        return new(bearer, settings.Time.GetUtcNow() + TimeSpan.FromSeconds(lifetime * 0.9));
    }
}

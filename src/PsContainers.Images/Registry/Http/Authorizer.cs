using System.Net.Http.Headers;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Images.Registry.Http;

/// <summary>Has what opens a registry: the user's credentials, and a token for each thing that is done there.</summary>
internal sealed class Authorizer(
    TokenServer server, Func<CancellationToken, Task<Credential?>> findCredential, Secrets secrets, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, Token> _tokens = [];

    private AuthenticationHeaderValue? _basic;
    private Credential? _credential;
    private bool _isCredentialKnown;

    /// <summary>What to show without being asked; null when nothing is known yet.</summary>
    internal AuthenticationHeaderValue? Known(string scope)
    {
        lock (_tokens)
        {
            return _tokens.TryGetValue(scope, out var token) && token.Expires > time.GetUtcNow() ? token.Header : _basic;
        }
    }

    /// <summary>What to show after a refusal; null when there is nothing else.</summary>
    /// <param name="refused">What was shown.</param>
    internal async Task<AuthenticationHeaderValue?> AnswerAsync(
        HttpResponseMessage refusal, string scope, AuthenticationHeaderValue? refused, CancellationToken stop)
    {
        var challenges = refusal.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers)
            ? headers.SelectMany(Challenge.Parse).ToList()
            : [];
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // Layers are pulled together: somebody else may have asked meanwhile.
            return Known(scope) is { } known && !known.Equals(refused)
                ? known
                : await AnswerAsync(challenges, scope, refused, stop).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<AuthenticationHeaderValue?> AnswerAsync(
        List<Challenge> challenges, string scope, AuthenticationHeaderValue? refused, CancellationToken stop)
    {
        var credential = await CredentialAsync(stop).ConfigureAwait(false);
        if (challenges.Find(challenge => challenge.Is("Bearer")) is { } bearer)
        {
            var token = credential?.RegistryToken is { } ready
                ? new Token(ready, DateTimeOffset.MaxValue)
                : await server.FetchAsync(bearer, scope, credential, stop).ConfigureAwait(false);
            secrets.Add(token.Text);
            Remember(scope, token);
            return token.Header.Equals(refused) ? null : token.Header;
        }

        if (credential?.Password is null || !challenges.Exists(challenge => challenge.Is("Basic")))
        {
            return null;
        }

        _basic = new("Basic", secrets.Basic(credential.UserName, credential.Password));
        return _basic.Equals(refused) ? null : _basic;
    }

    private void Remember(string scope, Token token)
    {
        lock (_tokens)
        {
            _tokens[scope] = token;
        }
    }

    // Asked for once, and only when the registry wants it: a credential helper may ask the user.
    private async Task<Credential?> CredentialAsync(CancellationToken stop)
    {
        if (!_isCredentialKnown)
        {
            _credential = await findCredential(stop).ConfigureAwait(false);
            _isCredentialKnown = true;
            secrets.Add(_credential);
        }

        return _credential;
    }
}

using System.Net;
using System.Security.Authentication;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Images.Registry.Http;

namespace PsContainers.Images.Registry;

/// <summary>Talks to one endpoint. Requests pass: try again → show who we are → follow redirects → the host's connections.</summary>
internal sealed class RegistryConnection : IDisposable
{
    private readonly OriginHandler _origin;
    private readonly Authorizer _authorizer;
    private readonly HttpMessageInvoker _tokens;
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _probing = new(1);

    private string? _scheme;

    /// <param name="secrets">Takes what this shows the registry.</param>
    internal RegistryConnection(RegistryEndpoint endpoint, RegistrySettings settings, Secrets secrets)
    {
        (Endpoint, Settings, Secrets) = (endpoint, settings, secrets);
        secrets.Add(settings.Credential);
        var guard = new AddressGuard(new Uri($"https://{endpoint.Host}").IdnHost, settings.Network);
        _origin = new(endpoint, guard, settings);
        _tokens = new(new RetryHandler(settings, new RedirectHandler(guard, _origin)), disposeHandler: false);
        _authorizer = new(new(_tokens, endpoint, guard, Secrets, settings), FindCredentialAsync, Secrets, settings.Time);
        _client = new(new RetryHandler(settings, new AuthenticationHandler(_authorizer, new RedirectHandler(guard, _origin))))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var version = typeof(RegistryConnection).Assembly.GetName().Version?.ToString(3);
        _client.DefaultRequestHeaders.UserAgent.Add(new("pscontainers", version));
        _scheme = endpoint.IsInsecure ? null : Uri.UriSchemeHttps;
    }

    internal RegistryEndpoint Endpoint { get; }

    internal RegistrySettings Settings { get; }

    internal Secrets Secrets { get; }

    internal string PullScope => $"repository:{Endpoint.Repository}:pull";

    internal string PushScope => $"repository:{Endpoint.Repository}:pull,push";

    /// <summary>The address of something in the repository, such as `manifests/latest`.</summary>
    internal async Task<Uri> AddressAsync(string path, CancellationToken stop) =>
        await RootAsync($"v2/{Endpoint.Repository}/{path}", stop).ConfigureAwait(false);

    /// <summary>The address of something that the registry has beside its repositories.</summary>
    internal async Task<Uri> RootAsync(string path, CancellationToken stop) =>
        new($"{await SchemeAsync(stop).ConfigureAwait(false)}://{Endpoint.Host}/{path}");

    /// <summary>Sends a request; the answer's body is still to be read.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string scope, CancellationToken stop)
    {
        request.Options.Set(AuthenticationHandler.Scope, scope);
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
        if (Settings.Warn is { } warn && response.Headers.NonValidated.TryGetValues("Warning", out var warnings))
        {
            foreach (var warning in warnings)
            {
                warn(ForeignText.Readable($"registry {Endpoint.Name} warns: {AnswerHeaders.Quoted(Secrets.Hide(WarningText(warning)))}"));
            }
        }

        return response;
    }

    /// <summary>Sends a request whose answer has to be one of some; anything else is a fault in the registry's words.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string scope, CancellationToken stop, params HttpStatusCode[] expected)
    {
        var response = await SendAsync(request, scope, stop).ConfigureAwait(false);
        if (expected.Contains(response.StatusCode))
        {
            return response;
        }

        using (response)
        {
            throw await AnswerBody.FaultAsync(response, Secrets, Settings, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Gets a document of some length at most; one that is cut off is asked for again.</summary>
    /// <returns>The answer without its body, to be disposed, and the document.</returns>
    internal async Task<(HttpResponseMessage Response, byte[] Document)> GetDocumentAsync(
        Func<HttpRequestMessage> makeRequest, string scope, int maximum, CancellationToken stop)
    {
        for (var failures = 1; ; failures++)
        {
            using var request = makeRequest();
            var response = await SendAsync(request, scope, stop, HttpStatusCode.OK).ConfigureAwait(false);
            try
            {
                return (response, await AnswerBody.ReadAsync(response, maximum, Settings, stop).ConfigureAwait(false));
            }
            catch (CutAnswerException) when (failures < Settings.Attempts)
            {
                response.Dispose();
            }
            catch
            {
                response.Dispose();
                throw;
            }

            await Task.Delay(Backoff.Delay(failures, Random.Shared.NextDouble()), Settings.Time, stop).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _tokens.Dispose();
        _origin.Dispose();
        _authorizer.Dispose();
        _probing.Dispose();
    }

    // `299 - "words"`: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#warnings
    private static string WarningText(string warning)
    {
        var (start, end) = (warning.IndexOf('"', StringComparison.Ordinal), warning.LastIndexOf('"'));
        return start >= 0 && end > start ? warning[(start + 1)..end].Replace("\\", "", StringComparison.Ordinal) : warning;
    }

    private async Task<Credential?> FindCredentialAsync(CancellationToken stop) => Settings.Credential
        ?? (Settings.Store is { } store ? await store.FindAsync(Endpoint.ToString(), stop).ConfigureAwait(false) : null);

    // Insecure means that TLS is tried all the same: only a registry that does not speak it is spoken to in the clear.
    private async Task<string> SchemeAsync(CancellationToken stop)
    {
        await _probing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return _scheme ??= await ProbeAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _probing.Release();
        }
    }

    private async Task<string> ProbeAsync(CancellationToken stop)
    {
        using var invoker = new HttpMessageInvoker(_origin, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Endpoint.Host}/v2/");
        using var watchdog = new Watchdog(Settings, stop);
        try
        {
            using var response = await watchdog.WatchAsync(token => new ValueTask<HttpResponseMessage>(invoker.SendAsync(request, token)))
                .ConfigureAwait(false);
            return Uri.UriSchemeHttps;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or AuthenticationException)
        {
            return Uri.UriSchemeHttp;
        }
    }
}

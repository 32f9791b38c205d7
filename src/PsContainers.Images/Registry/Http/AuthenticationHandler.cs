using System.Net;

namespace PsContainers.Images.Registry.Http;

/// <summary>Shows the registry who we are, and answers once when it asks anew: a token may expire in the middle of a pull.</summary>
internal sealed class AuthenticationHandler(Authorizer authorizer, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>What a request wants to do, as in `repository:library/busybox:pull`; several are separated by spaces.</summary>
    internal static readonly HttpRequestOptionsKey<string> Scope = new("scope");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var scope = request.Options.TryGetValue(Scope, out var wanted) ? wanted : "";
        var shown = authorizer.Known(scope);
        request.Headers.Authorization = shown;
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

        // Where a redirect led to somebody else, that one has nothing to ask.
        if (response.StatusCode != HttpStatusCode.Unauthorized
            || !RedirectHandler.IsSameOrigin(response.RequestMessage!.RequestUri!, request.RequestUri!))
        {
            return response;
        }

        var answer = await authorizer.AnswerAsync(response, scope, shown, cancellationToken).ConfigureAwait(false);
        if (answer is null)
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = answer;
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}

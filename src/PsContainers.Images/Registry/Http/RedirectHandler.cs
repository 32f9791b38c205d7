using System.Net;

namespace PsContainers.Images.Registry.Http;

/// <summary>Follows what a registry says about where content is, a few times, never to less safety and never with credentials.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9110#section-15.4</remarks>
internal sealed class RedirectHandler(AddressGuard guard, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaximumHops = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        for (var hop = 1; IsRedirect(response) && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head); hop++)
        {
            using (response)
            {
                if (hop > MaximumHops)
                {
                    throw new RegistryFault($"it redirects more than {MaximumHops} times");
                }

                request = Follow(request, await TargetAsync(request, response, cancellationToken).ConfigureAwait(false));
            }

            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.MovedPermanently
        or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static HttpRequestMessage Follow(HttpRequestMessage request, Uri target)
    {
        var following = new HttpRequestMessage(request.Method, target) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            following.Headers.TryAddWithoutValidation(name, values);
        }

        if (!IsSameOrigin(request.RequestUri!, target))
        {
            following.Headers.Authorization = null;
        }

        return following;
    }

    internal static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private async Task<Uri> TargetAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken stop)
    {
        var source = request.RequestUri!;
        var target = AnswerHeaders.Location(response) ?? throw new RegistryFault(
            $"it redirects ({(int)response.StatusCode}) without saying where to");
        if (source.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps)
        {
            throw new RegistryFault($"it redirects from https to {target.Scheme}://{target.Authority}");
        }

        await guard.CheckAsync(target, stop).ConfigureAwait(false);
        return target;
    }
}

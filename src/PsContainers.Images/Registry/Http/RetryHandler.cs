
namespace PsContainers.Images.Registry.Http;

/// <summary>Tries again what failed for a reason that passes. A request with a long body is its sender's to try again.</summary>
internal sealed class RetryHandler(RegistrySettings settings, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is BlobContent)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                var response = await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
                if (!Backoff.IsTransient(response.StatusCode) || attempt >= settings.Attempts
                    || Backoff.Delay(response, attempt, settings.Time) is not { } wanted)
                {
                    return response;
                }

                response.Dispose();
                delay = wanted;
            }
            catch (Exception e) when (attempt < settings.Attempts && Backoff.IsTransient(e))
            {
                delay = Backoff.Delay(attempt, Random.Shared.NextDouble());
            }

            await Task.Delay(delay, settings.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using var watchdog = new Watchdog(settings, stop);
        return await watchdog.WatchAsync(token => new ValueTask<HttpResponseMessage>(base.SendAsync(request, token))).ConfigureAwait(false);
    }
}

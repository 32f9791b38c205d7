using System.Net;

namespace PsContainers.Images.Registry.Http;

/// <summary>Whether to try again what failed, and when.</summary>
internal static class Backoff
{
    /// <summary>Who wants us to wait longer gets no second try: the user decides.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _longestStep = TimeSpan.FromSeconds(20);

    /// <summary>Half a second, doubled with each failure, less up to half of it: many clients should not come back at once.</summary>
    /// <param name="failures">How many there were, from 1.</param>
    /// <param name="jitter">From 0 to 1.</param>
    internal static TimeSpan Delay(int failures, double jitter)
    {
        var step = TimeSpan.FromSeconds(0.5 * Math.Pow(2, Math.Min(failures, 20) - 1));
        return (step < _longestStep ? step : _longestStep) * (1 - (jitter / 2));
    }

    internal static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>A connection that was refused or cut, not one that could never be: a wrong name or certificate, our own rules.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        HttpRequestException { InnerException: RegistryFault } => false,
        HttpRequestException e => e.HttpRequestError is not (HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded),
        IOException => true,
        _ => false,
    };

    /// <summary>How long to wait after an answer; null when it asks for more than anybody would wait.</summary>
    internal static TimeSpan? Delay(HttpResponseMessage response, int failures, TimeProvider time)
    {
        var wanted = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        var ours = Delay(failures, Random.Shared.NextDouble());
        return wanted > _longestWait ? null : wanted > ours ? wanted : ours;
    }
}

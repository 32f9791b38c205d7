using System.Collections.Concurrent;

namespace PsContainers.Images.Registry.Http;

/// <summary>Sends each request by the connections of the host that it is for, which has certificates of its own.</summary>
internal sealed class OriginHandler(RegistryEndpoint endpoint, AddressGuard guard, RegistrySettings settings) : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _invokers = new(StringComparer.OrdinalIgnoreCase);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invokers.GetOrAdd(request.RequestUri!.Authority, authority => new(() => new(Connections(authority))))
            .Value.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        // Making one may have failed.
        foreach (var invoker in _invokers.Values.Where(invoker => disposing && invoker.IsValueCreated))
        {
            invoker.Value.Dispose();
        }

        base.Dispose(disposing);
    }

    private SocketsHttpHandler Connections(string authority)
    {
        var isRegistry = authority.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase);
        return new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.Patience,
            PooledConnectionIdleTimeout = settings.Patience,
            Proxy = settings.Proxy,
            ConnectCallback = isRegistry ? guard.ConnectRegistryAsync : guard.ConnectForeignAsync,
            SslOptions = settings.Certificates.OptionsFor(
                isRegistry ? endpoint.Name : authority,
                isUnverified: endpoint.IsInsecure && HostOf(authority) == HostOf(endpoint.Host)),
        };
    }

    private static string HostOf(string authority) => new Uri($"https://{authority}").IdnHost;
}

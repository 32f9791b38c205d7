using System.Net;
using System.Net.Sockets;

namespace PsContainers.Images.Registry.Http;

/// <summary>
/// Keeps a registry of the internet from sending us to this machine or its network: cloud metadata, other containers, routers.
/// A registry that is there itself may. Addresses are looked at when they are connected to, for a name can change its mind.
/// </summary>
internal sealed class AddressGuard(string registryHost, NetworkAccess network)
{
    private bool? _isRegistryPrivate;

    /// <summary>Refuses what the address alone tells; behind a proxy it is all that can be known.</summary>
    internal async Task CheckAsync(Uri target, CancellationToken stop)
    {
        var isPrivate = IPAddress.TryParse(target.IdnHost, out var address)
            ? AddressRange.IsPrivate(address)
            : target.IdnHost == "localhost" || target.IdnHost.EndsWith(".localhost", StringComparison.Ordinal);
        if (isPrivate && !await IsRegistryPrivateAsync(stop).ConfigureAwait(false))
        {
            throw Refusal(target.IdnHost);
        }
    }

    /// <summary>Connects to the registry itself, wherever it is, or to its proxy.</summary>
    internal async ValueTask<Stream> ConnectRegistryAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint, stop).ConfigureAwait(false);
        var (stream, address) = await ConnectAnyAsync(addresses, context.DnsEndPoint.Port, stop).ConfigureAwait(false);
        if (!IsProxy(context))
        {
            _isRegistryPrivate = AddressRange.IsPrivate(address);
        }

        return stream;
    }

    /// <summary>Connects to a host that the registry named.</summary>
    internal async ValueTask<Stream> ConnectForeignAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint, stop).ConfigureAwait(false);
        if (!IsProxy(context) && addresses.Any(AddressRange.IsPrivate) && !await IsRegistryPrivateAsync(stop).ConfigureAwait(false))
        {
            throw Refusal(context.DnsEndPoint.Host);
        }

        var (stream, _) = await ConnectAnyAsync(addresses, context.DnsEndPoint.Port, stop).ConfigureAwait(false);
        return stream;
    }

    // A tunnel is asked for in a request of its own; without one, the request is for another host than the connection.
    private static bool IsProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage.Method == HttpMethod.Connect
        || !context.DnsEndPoint.Host.Equals(context.InitialRequestMessage.RequestUri?.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static RegistryFault Refusal(string host) =>
        new($"it sends us to {host}, which is on this machine or in its own network, and the registry is not");

    // Only a registry behind a proxy was never connected to.
    private async Task<bool> IsRegistryPrivateAsync(CancellationToken stop)
    {
        if (_isRegistryPrivate is { } known)
        {
            return known;
        }

        try
        {
            var addresses = await network.Resolve(registryHost, stop).ConfigureAwait(false);
            return addresses.Length > 0 && addresses.All(AddressRange.IsPrivate);
        }
        catch (SocketException)
        {
            // Only the proxy knows the name, so it is one of the internet's.
            return false;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(DnsEndPoint target, CancellationToken stop) =>
        IPAddress.TryParse(target.Host, out var address) ? [address] : await network.Resolve(target.Host, stop).ConfigureAwait(false);

    private async Task<(Stream Stream, IPAddress Address)> ConnectAnyAsync(IPAddress[] addresses, int port, CancellationToken stop)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return (await network.Connect(new(address, port), stop).ConfigureAwait(false), address);
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}

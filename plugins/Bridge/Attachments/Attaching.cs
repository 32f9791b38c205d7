using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.Names;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Attachments;

/// <summary>Attaches a container, all or nothing of it.</summary>
internal sealed class Attaching(RunRecords records, FirewallTable firewall, Forwarding forwarding, NameRecords names)
{
    /// <summary>To be called under the driver's lock.</summary>
    internal AttachmentResult Attach(Attachment attachment, RouteSocket route, CancellationToken cancellation)
    {
        var (network, request) = (attachment.Network, attachment.Request);
        if (request.NamespacePath is null)
        {
            throw new DriverException($"{attachment}: there is no network namespace to attach", DriverErrorKind.InvalidRequest, "namespacePath");
        }

        var elements = attachment.Elements(request.Ports);
        var isNew = !records.HasNetwork(network.Id);
        if (elements.Count > 0)
        {
            firewall.CheckFree(request.ContainerId, elements);
        }

        if (isNew && route.FindLink(network.Interface!) is not null)
        {
            BridgeLink.Ensure(route, network, isOurs: false); // says whose it is not
        }

        // From here on the records tell of it, and whatever ends this, a detachment finds it all.
        var ofNetwork = NetworkElements.Of(network);
        records.WriteAttachment(network.Id, request.ContainerId, elements);
        if (isNew)
        {
            records.WriteNetwork(network.Id, ofNetwork);
        }

        var bridge = BridgeLink.Ensure(route, network, isOurs: true);
        Protect(network, isNew ? [.. ofNetwork, .. elements] : elements);
        ContainerLink.Add(route, attachment, bridge);
        if (network.HasNames && request.Names.Count > 0)
        {
            names.Add(attachment, cancellation);
        }

        return new()
        {
            Interface = request.Interface,
            HostInterface = attachment.HostLink,
            MacAddress = attachment.MacAddress,
            Addresses = request.Addresses,
            Gateways = attachment.Gateways,
            NameServers = network.HasNames ? attachment.Gateways : [],
        };
    }

    // The host is made a router only behind a firewall that knows it.
    private void Protect(NetworkDefinition network, IReadOnlyList<FirewallElement> elements)
    {
        var hasIPv6 = BridgeLink.HasIPv6(network);
        if (!network.IsInternal && forwarding.Prepare(hasIPv6))
        {
            firewall.Rebuild();
        }
        else
        {
            firewall.Add(elements);
        }

        if (!network.IsInternal)
        {
            forwarding.SwitchOn(hasIPv6);
        }
    }
}

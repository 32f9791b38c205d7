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
            throw new DriverException(
                $"{attachment}: there is no network namespace to attach", DriverErrorKind.InvalidRequest, "namespacePath");
        }

        var bridge = Prepare(attachment, route);
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

    // Everything but the container's own link.
    private int Prepare(Attachment attachment, RouteSocket route)
    {
        var (network, request) = (attachment.Network, attachment.Request);
        var isNew = !records.HasNetwork(network.Id) || records.IsPending(network.Id);
        using var alone = isNew ? HostLock.Take() : null; // from other engines
        if (!records.HasNetwork(network.Id) && route.FindLink(network.Interface!) is not null)
        {
            BridgeLink.Ensure(route, network, isOurs: false); // says whose it is not
        }

        // From here on the records tell of it, and whatever ends this, a detachment finds it all.
        var isPending = records.IsPending(network.Id, request.ContainerId);
        var former = records.ReadAttachment(network.Id, request.ContainerId);
        Record(attachment, isNew, isPending: true);
        var bridge = BridgeLink.Ensure(route, network, isOurs: true);

        // What is there already is added again, so that a table that somebody flushed is noticed: a tenth of a millisecond.
        IReadOnlyList<FirewallElement> latter =
            [.. NetworkElements.Of(network).Take(isNew ? int.MaxValue : 1), .. attachment.Elements];
        Protect(attachment, isNew, isPending, former, latter);
        Record(attachment, isNew, isPending: false);
        return bridge;
    }

    private void Record(Attachment attachment, bool isNewNetwork, bool isPending)
    {
        var (network, elements) = (attachment.Network.Id, attachment.Elements);

        // Without elements there is nothing that could be pending.
        if (isPending || elements.Count > 0)
        {
            records.WriteAttachment(network, attachment.Request.ContainerId, elements, isPending && elements.Count > 0);
        }

        if (isNewNetwork)
        {
            records.WriteNetwork(network, NetworkElements.Of(attachment.Network), isPending);
        }
    }

    // The host is made a router only behind a firewall that knows it.
    private void Protect(
        Attachment attachment, bool isNew, bool isPending, IReadOnlyList<FirewallElement> former, IReadOnlyList<FirewallElement> latter)
    {
        var network = attachment.Network;
        var hasIPv6 = BridgeLink.HasIPv6(network);
        var becomesRouter = !network.IsInternal && forwarding.Prepare(hasIPv6, isNew);
        if (isPending || becomesRouter)
        {
            firewall.Rebuild();
            TrackedDatagrams.Forget(former, latter);
        }
        else
        {
            firewall.Replace(attachment.Request.ContainerId, former, latter);
        }

        if (becomesRouter)
        {
            forwarding.SwitchOn(hasIPv6);
        }
    }
}

using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.Names;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Attachments;

/// <summary>Gives back what an attachment took, as much of it as can be; what cannot is reported at the end.</summary>
internal sealed class Detaching(RunRecords records, FirewallTable firewall, Forwarding forwarding, NameRecords names)
{
    /// <summary>To be called under the driver's lock.</summary>
    internal void Detach(Attachment attachment, RouteSocket route, CancellationToken cancellation)
    {
        var (network, container) = (attachment.Network, attachment.Request.ContainerId);
        var failures = new List<Exception>();
        var isLast = !records.Attachments(network.Id).Any(other => other != container);
        var isLastNetwork = isLast && !records.Networks().Any(other => other != network.Id);

        // The request's ports as well as the record's: they differ when a session was killed while it published.
        var elements = records.ReadAttachment(network.Id, container);
        records.RemoveAttachment(network.Id, container);
        Try(() => route.Remove(attachment.HostLink));
        Try(() => names.Remove(attachment, isLast, cancellation));
        if (isLast)
        {
            Try(() => isLast = BridgeLink.TryRemove(route, network));
        }

        if (isLast)
        {
            elements = [.. elements, .. records.ReadNetwork(network.Id)];
            records.RemoveNetwork(network.Id);
        }

        Try(() => Unprotect(isLast && isLastNetwork, elements));
        if (failures.Count > 0)
        {
            throw new DriverException(
                $"{attachment} is detached, but not all of it: {string.Join("; ", failures.Select(failure => failure.Message))}",
                DriverErrorKind.Failed,
                cause: failures[0]);
        }

        void Try(Action step)
        {
            try
            {
                step();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DriverException)
            {
                failures.Add(e);
            }
        }
    }

    private void Unprotect(bool isLastNetwork, IReadOnlyList<FirewallElement> elements)
    {
        if (isLastNetwork)
        {
            // Forwarding first: there is no moment in which the host routes without the guard.
            forwarding.SwitchOff();
            FirewallTable.RemoveTable();
        }
        else
        {
            firewall.Remove(elements);
        }
    }
}

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
        var isOurs = records.HasNetwork(network.Id);
        var isLast = !records.Attachments(network.Id).Any(other => other != container);
        var isLastNetwork = isLast && !records.Networks().Any(other => other != network.Id);
        var isPending = records.IsPending(network.Id, container) || (isLast && records.IsPending(network.Id));
        IReadOnlyList<FirewallElement> elements =
            [.. records.ReadAttachment(network.Id, container), .. isLast ? records.ReadNetwork(network.Id) : []];

        // Whatever ends this from here on: who comes after knows that the kernel may have more.
        MarkGone(network.Id, container, isLast, elements);
        Try(() => LinkRemoval.Remove(route, attachment.HostLink));
        Try(() => names.Remove(attachment, isLast, cancellation));
        if (isOurs)
        {
            Try(() => Unprotect(isLastNetwork, isPending, elements));
        }

        // Last, since all that has to do with links waits for what the kernel does about it.
        // A bridge without a record is somebody else's, who was here first.
        if (isLast && isOurs)
        {
            Try(() => BridgeLink.Remove(route, network));
        }

        if (failures.Count == 0)
        {
            Try(() => Forget(network.Id, container, isLast));
        }

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

    private void MarkGone(string network, string container, bool isLast, IReadOnlyList<FirewallElement> elements)
    {
        if (elements.Count > 0 && records.HasAttachment(network, container))
        {
            records.WriteAttachment(network, container, [], isPending: true);
        }

        if (isLast && records.HasNetwork(network))
        {
            records.WriteNetwork(network, [], isPending: true);
        }
    }

    private void Forget(string network, string container, bool isLast)
    {
        if (isLast)
        {
            records.RemoveNetwork(network);
        }
        else
        {
            records.RemoveAttachment(network, container);
        }
    }

    private void Unprotect(bool isLastNetwork, bool isPending, IReadOnlyList<FirewallElement> elements)
    {
        if (isLastNetwork)
        {
            using var alone = HostLock.Take();

            // Forwarding first: there is no moment in which the host routes without the guard.
            forwarding.SwitchOff();
            firewall.RemoveTable();
            TrackedDatagrams.Forget(elements, []);
        }
        else if (isPending)
        {
            // A killed session left it open what the kernel has of it.
            firewall.Rebuild();
        }
        else
        {
            firewall.Replace("", elements, []);
        }
    }
}

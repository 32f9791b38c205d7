using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Attachments;

/// <summary>Changes the published ports of an attachment.</summary>
internal sealed class Publishing(RunRecords records, FirewallTable firewall)
{
    /// <summary>To be called under the driver's lock.</summary>
    internal void Publish(Attachment attachment, IReadOnlyList<PortMapping> ports)
    {
        var (network, container) = (attachment.Network.Id, attachment.Request.ContainerId);
        if (!records.HasAttachment(network, container))
        {
            throw new DriverException($"{attachment}: it is not attached", DriverErrorKind.InvalidRequest);
        }

        var former = records.ReadAttachment(network, container);
        var latter = attachment.ElementsOf(ports);
        var isPending = records.IsPending(network, container);
        records.WriteAttachment(network, container, latter, isPending: true);
        try
        {
            if (isPending)
            {
                firewall.Rebuild();
            }
            else
            {
                firewall.Replace(container, former, latter);
            }

            records.WriteAttachment(network, container, latter);
        }
        catch (DriverException)
        {
            // One transaction: nothing of it was done.
            records.WriteAttachment(network, container, former, isPending);
            throw;
        }
    }
}

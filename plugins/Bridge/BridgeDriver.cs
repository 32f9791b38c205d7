using System.Net;
using PsContainers.Bridge.Attachments;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.Names;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge;

/// <summary>Connects containers by a bridge of the host. README.md says what it makes of the host.</summary>
/// <remarks>Everything is done in the network namespace of the calling thread.</remarks>
public sealed class BridgeDriver : INetworkDriver
{
    private readonly string _lockPath;
    private readonly RunRecords _records;
    private readonly FirewallTable _firewall;
    private readonly Attaching _attaching;
    private readonly Detaching _detaching;

    public BridgeDriver(DriverEnvironment environment)
    {
        _lockPath = Path.Combine(environment.RunDirectory, "lock");
        _records = new(environment.RunDirectory);
        var forwarding = new Forwarding(environment.RunDirectory);
        var names = new NameRecords(environment);
        _firewall = new(_records, forwarding);
        _attaching = new(_records, _firewall, forwarding, names);
        _detaching = new(_records, _firewall, forwarding, names);
    }

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) =>
        Do($"network {wanted.Name}", () =>
        {
            using var route = RouteSocket.Open();
            var links = route.Links().ToDictionary(link => link.Index, link => link.Name);
            var subnets = route.Addresses().Select(address => (Subnet: (IPNetwork?)Subnets.Of(address.Address.Address, address.Address.Prefix), address.Index))
                .Concat(route.Routes().Select(found => (Subnet: found.Destination, Index: found.Index ?? 0)))
                .Where(found => found.Subnet is { PrefixLength: > 0 })
                .Select(found => (found.Subnet!.Value, links.GetValueOrDefault(found.Index, "?")));
            return NetworkDefiner.Define(wanted, others, new(links.Values, [.. subnets]));
        });

    public AttachmentPlan Plan(AttachmentRequest request) => AttachmentPlanner.Plan(request);

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        var attachment = new Attachment(plan);
        return Do($"{attachment}", () =>
        {
            using var changing = FileLock.Take(_lockPath, cancellation);
            using var route = RouteSocket.Open();
            try
            {
                return _attaching.Attach(attachment, route, cancellation);
            }
            catch (Exception) when (_records.HasAttachment(attachment.Network.Id, attachment.Request.ContainerId))
            {
                Undo(attachment, route);
                throw;
            }
        });
    }

    public void Detach(AttachmentRecord record, CancellationToken cancellation)
    {
        var attachment = new Attachment(record.Plan);
        Do($"{attachment}", () =>
        {
            using var changing = FileLock.Take(_lockPath, cancellation);
            using var route = RouteSocket.Open();
            _detaching.Detach(attachment, route, cancellation);
            return true;
        });
    }

    private void Undo(Attachment attachment, RouteSocket route)
    {
        try
        {
            _detaching.Detach(attachment, route, CancellationToken.None);
        }
        catch (DriverException)
        {
            // The failure that led here is the one to report; a detachment or Repair meets this one again.
        }
    }

    private static T Do<T>(string subject, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"{subject}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }
    }
}

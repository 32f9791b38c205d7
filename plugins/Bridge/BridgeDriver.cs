using System.Net;
using PsContainers.Bridge.Attachments;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.Names;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Bridge.Upkeep;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge;

/// <summary>Connects containers by a bridge of the host. README.md says what it makes of the host.</summary>
/// <remarks>Everything is done in the network namespace of the calling thread.</remarks>
public sealed class BridgeDriver : INetworkDriver, IPortPublisher, INetworkUpkeep
{
    private readonly string _lockPath;
    private readonly RunRecords _records;
    private readonly Attaching _attaching;
    private readonly Detaching _detaching;
    private readonly Publishing _publishing;
    private readonly NetworkCheck _check;
    private readonly NetworkRepair _repair;

    public BridgeDriver(DriverEnvironment environment)
    {
        _lockPath = Path.Combine(environment.RunDirectory, "lock");
        _records = new(environment.RunDirectory);
        var rules = new Ruleset(TableName.Of(environment.RunDirectory));
        var forwarding = new Forwarding(environment.RunDirectory, new(rules));
        var names = new NameRecords(environment);
        var firewall = new FirewallTable(rules, _records, forwarding);
        _attaching = new(_records, firewall, forwarding, names);
        _detaching = new(_records, firewall, forwarding, names);
        _publishing = new(_records, firewall);
        _check = new(_records, new(rules), forwarding, names);
        _repair = new(_records, firewall, forwarding, names, _check);
    }

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) =>
        Do($"network {wanted.Name}", () =>
        {
            using var route = RouteSocket.Open();
            var links = route.Links().ToDictionary(link => link.Index, link => link.Name);
            var subnets = route.Addresses()
                .Select(found => (Subnet: (IPNetwork?)Subnets.Of(found.Address.Address, found.Address.Prefix), found.Index))
                .Concat(route.Routes().Select(found => (Subnet: found.Destination, Index: found.Index ?? 0)))
                .Where(found => found.Subnet is { PrefixLength: > 0 })
                .Select(found => (found.Subnet!.Value, links.GetValueOrDefault(found.Index, "?")));
            return NetworkDefiner.Define(wanted, others, new(links.Values, [.. subnets]));
        });

    public AttachmentPlan Plan(AttachmentRequest request) => AttachmentPlanner.Plan(request);

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        var attachment = new Attachment(plan);
        return DoLocked($"{attachment}", route =>
        {
            try
            {
                return _attaching.Attach(attachment, route, cancellation);
            }
            catch (Exception) when (_records.HasAttachment(attachment.Network.Id, attachment.Request.ContainerId))
            {
                Undo(attachment, route);
                throw;
            }
        }, cancellation);
    }

    public void Detach(AttachmentRecord record, CancellationToken cancellation)
    {
        var attachment = new Attachment(record.Plan);
        DoLocked($"{attachment}", route =>
        {
            _detaching.Detach(attachment, route, cancellation);
            return true;
        }, cancellation);
    }

    public void Publish(AttachmentRecord record, IReadOnlyList<PortMapping> ports, CancellationToken cancellation)
    {
        var attachment = new Attachment(record.Plan);
        AttachmentPlanner.CheckPorts(attachment.Network, ports, attachment.Addresses);
        DoLocked($"{attachment}", _ =>
        {
            _publishing.Publish(attachment, ports);
            return true;
        }, cancellation);
    }

    public IReadOnlyList<string> Check(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
        DoLocked($"network {network.Name}", route => _check.Find(network, Of(attachments), route), cancellation);

    public IReadOnlyList<string> Repair(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
        DoLocked($"network {network.Name}", route => _repair.Mend(network, Of(attachments), route, cancellation), cancellation);

    private static List<Attachment> Of(IReadOnlyList<AttachmentRecord> attachments) =>
        [.. attachments.Select(attachment => new Attachment(attachment.Plan))];

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

    private T DoLocked<T>(string subject, Func<RouteSocket, T> work, CancellationToken cancellation) => Do(subject, () =>
    {
        using var changing = FileLock.Take(_lockPath, cancellation);
        using var route = RouteSocket.Open();
        return work(route);
    });

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

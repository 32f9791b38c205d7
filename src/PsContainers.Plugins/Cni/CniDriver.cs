using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Cni;

/// <summary>A network driver that has the plugins of a CNI configuration do its work. https://www.cni.dev/docs/spec/</summary>
/// <remarks>Plugins are started in the network namespace of the calling thread, one at a time, and end with each command.</remarks>
internal sealed class CniDriver(PluginFolder plugin) : INetworkDriver, INetworkUpkeep
{
    private readonly PluginTimeouts _timeouts = plugin.Manifest.Timeouts;

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others)
    {
        RefuseWhatIsOfCni(wanted);
        var network = CniNetwork.Wanted(wanted, plugin);

        // Plugins keep what they give by this name, and give back by it.
        if (others.FirstOrDefault(other => other.Id != wanted.Id && CniNetwork.NameOf(other) == network.List.Name) is { } same)
        {
            throw new DriverException(
                $"network {same.Name} has the CNI configuration {network.List.Name} already",
                DriverErrorKind.InUse,
                $"options.{CniOptions.Configuration}");
        }

        var deadline = Deadline.In(_timeouts.Define);
        var subject = $"network {wanted.Name}";
        var version = new CniChain(network.List, network.Path, subject).Negotiate(deadline);
        var defined = wanted with
        {
            HasNames = wanted.HasNames && network.List.Has(CniAttachment.Aliases),
            Options = network.ToOptions(version),
        };
        var (list, path, _) = CniNetwork.Defined(defined);
        new CniChain(list, path, subject).RequireReady(deadline);
        return defined;
    }

    public AttachmentPlan Plan(AttachmentRequest request)
    {
        var list = CniNetwork.Defined(request.Network).List;
        if (LinkText.NameBreach(request.Interface) is { } breach)
        {
            throw new DriverException($"interface {request.Interface}: {breach}", DriverErrorKind.InvalidRequest, "interface");
        }

        Require(request.Ports.Count > 0, CniAttachment.Ports, "ports", "publishes ports");
        Require(request.Addresses.Count > 0, CniAttachment.Addresses, "addresses", "takes an address that was chosen");
        Require(request.MacAddress is not null, CniAttachment.MacAddress, "macAddress", "takes a MAC address that was chosen");
        return new() { Request = request };

        void Require(bool isWanted, string capability, string field, string act)
        {
            if (isWanted && !list.Has(capability))
            {
                throw new DriverException(
                    $"network {request.Network.Name}: none of its CNI plugins {act} (capability {capability})",
                    DriverErrorKind.Unsupported,
                    field);
            }
        }
    }

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        var request = plan.Request;
        var (chain, attachment, subject) = Open(request);
        if (request.NamespacePath is null)
        {
            throw new DriverException($"{subject}: there is no network namespace", DriverErrorKind.InvalidRequest, "namespacePath");
        }

        var failedAt = 0;
        JsonNode? result = null;
        try
        {
            chain.Add(attachment, Deadline.In(_timeouts.Attach), cancellation, ref failedAt, ref result);
            return CniResults.Of(result!, request, subject);
        }
        catch (Exception e)
        {
            var failures = chain.Delete(attachment, result, failedAt, Deadline.In(_timeouts.Detach), CancellationToken.None);
            if (failures.Count > 0 && e is DriverException failure)
            {
                throw new DriverException(
                    $"{failure.Message}; and to undo it failed, too: {Words(failures)}", failure.Kind, failure.Field, e);
            }

            throw;
        }
    }

    public void Detach(AttachmentRecord record, CancellationToken cancellation)
    {
        var (chain, attachment, _) = Open(record.Plan.Request);
        var failures = chain.Delete(attachment, CniResults.KeptOf(record), int.MaxValue, Deadline.In(_timeouts.Detach), cancellation);
        if (failures.Count > 0)
        {
            throw new DriverException(Words(failures), failures[0].Kind, failures[0].Field, failures[0]);
        }
    }

    public IReadOnlyList<string> Check(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
        Find(network, attachments, Deadline.In(_timeouts.Check), cancellation);

    /// <summary>CNI can collect what belongs to no attachment. It can't mend one: that is to stop and start its container.</summary>
    public IReadOnlyList<string> Repair(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation)
    {
        var deadline = Deadline.In(_timeouts.Repair);
        var found = Find(network, attachments, deadline.Share(3), cancellation);
        var (list, path, _) = CniNetwork.Defined(network);
        if (list.IsCollected)
        {
            var valid = attachments.Select(record => (record.Plan.Request.ContainerId, record.Plan.Request.Interface));
            new CniChain(list, path, $"network {network.Name}").Collect(valid, deadline.Share(2), cancellation);
        }

        return found.Count == 0 ? [] : [.. found.Except(Find(network, attachments, deadline, cancellation))];
    }

    private static List<string> Find(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, Deadline deadline, CancellationToken cancellation)
    {
        var lines = new List<string>();
        if (!CniNetwork.Defined(network).List.IsChecked)
        {
            return lines;
        }

        foreach (var (i, record) in attachments.Index())
        {
            try
            {
                var (chain, attachment, _) = Open(record.Plan.Request);
                chain.Check(attachment, CniResults.KeptOf(record), deadline.Share(attachments.Count - i), cancellation);
            }
            catch (DriverException e)
            {
                lines.Add(e.Message);
            }
        }

        return lines;
    }

    private static (CniChain Chain, CniAttachment Attachment, string Subject) Open(AttachmentRequest request)
    {
        var (list, path, _) = CniNetwork.Defined(request.Network);
        var subject = $"container {request.ContainerName} on network {request.Network.Name}";
        return (new CniChain(list, path, subject), new CniAttachment(request), subject);
    }

    private static void RefuseWhatIsOfCni(NetworkDefinition wanted)
    {
        (string Field, bool IsGiven, string What)[] members =
        [
            ("subnets", wanted.Subnets.Count > 0, "its addresses"),
            ("hasIPv6", wanted.HasIPv6, "its addresses"),
            ("isInternal", wanted.IsInternal, "the way out of it"),
            ("interface", wanted.Interface is not null, "its link"),
            ("mtu", wanted.Mtu is not null, "its MTU"),
            ("vlan", wanted.Vlan is not null, "its VLAN"),
        ];
        if (members.FirstOrDefault(member => member.IsGiven) is { Field: { } field, What: var what })
        {
            throw new DriverException(
                $"network {wanted.Name}: {what} can't be said here; that stands in the CNI configuration",
                DriverErrorKind.Unsupported,
                field);
        }
    }

    private static string Words(IReadOnlyList<DriverException> failures) => string.Join("; ", failures.Select(failure => failure.Message));
}

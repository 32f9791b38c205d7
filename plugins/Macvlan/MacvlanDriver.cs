using System.Diagnostics;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan;

/// <summary>Puts containers on a wire of the host, each with a MAC address of its own. The host itself does not reach them by it.</summary>
/// <remarks>Everything is done from the network namespace of the calling thread.</remarks>
public sealed class MacvlanDriver(DriverEnvironment environment) : INetworkDriver, INetworkUpkeep
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(25);

    private readonly string _lockPath = Path.Combine(environment.RunDirectory, "lock");
    private readonly ParentLink _parent = new(environment.RunDirectory);

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) => Do($"network {wanted.Name}", () =>
    {
        using var route = RouteSocket.Open();
        return NetworkDefiner.Define(wanted, others, route.Links(), route.Routes());
    });

    public AttachmentPlan Plan(AttachmentRequest request) => AttachmentPlanner.Plan(request);

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        var request = plan.Request;
        if (request.NamespacePath is null)
        {
            throw new DriverException(
                $"{SubjectOf(request)}: there is no network namespace to attach", DriverErrorKind.InvalidRequest, "namespacePath");
        }

        return DoLocked(SubjectOf(request), route =>
        {
            try
            {
                var mac = ContainerLink.Add(route, request, _parent.Ensure(route, request), request.MacAddress);
                return new AttachmentResult
                {
                    Interface = request.Interface,
                    MacAddress = mac,
                    Addresses = request.Addresses,
                    Gateways = [.. request.Network.Subnets.Select(subnet => subnet.Gateway).OfType<string>()],
                };
            }
            catch
            {
                Undo(route, request);
                throw;
            }
        }, cancellation);
    }

    public void Detach(AttachmentRecord record, CancellationToken cancellation)
    {
        var request = record.Plan.Request;
        DoLocked(SubjectOf(request), route =>
        {
            try
            {
                ContainerLink.Remove(request);
            }
            finally
            {
                _parent.Release(route, request);
            }

            return true;
        }, cancellation);
    }

    public IReadOnlyList<string> Check(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
        DoLocked($"network {network.Name}", route => Find(route, network, attachments), cancellation);

    public IReadOnlyList<string> Repair(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
        DoLocked($"network {network.Name}", route =>
        {
            var found = Find(route, network, attachments);
            _parent.Keep(route, network, ContainersOf(attachments));
            if (found.Count > 0)
            {
                foreach (var record in attachments.Where(record => record.Plan.Request.NamespacePath is not null))
                {
                    TryMend(route, record);
                }
            }

            return found.Count == 0 ? found : [.. found.Except(Find(route, network, attachments))];
        }, cancellation);

    private List<string> Find(RouteSocket route, NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments)
    {
        var lines = _parent.Strays(network, ContainersOf(attachments))
            .Select(file => $"network {network.Name}: container {Path.GetFileName(file)} holds VLAN {network.Vlan}, and has no attachment")
            .ToList();
        if (attachments.Count > 0 && ParentLink.Find(route, network) is not { IsUp: true })
        {
            var vlan = network.Vlan is null ? "" : $" or its VLAN {network.Vlan}";
            lines.Add($"network {network.Name}: link {network.Interface}{vlan} is missing or down");
        }

        foreach (var request in attachments.Select(record => record.Plan.Request))
        {
            lines.AddRange(request.NamespacePath is null
                ? [$"{SubjectOf(request)}: its network namespace is gone"]
                : ContainerLink.Differences(request).Select(difference => $"{SubjectOf(request)}: {difference}"));
        }

        return lines;
    }

    // What can't be mended stays on the list of what is missing.
    private void TryMend(RouteSocket route, AttachmentRecord record)
    {
        var request = record.Plan.Request;
        try
        {
            var parent = _parent.Ensure(route, request);
            if (!ContainerLink.TryMend(request))
            {
                ContainerLink.Add(route, request, parent, record.Result?.MacAddress ?? request.MacAddress);
            }
        }
        catch (Exception e) when (e is LinuxException or DriverException)
        {
            // Told of by the check that follows.
        }
    }

    // The link was never made, or is removed already.
    private void Undo(RouteSocket route, AttachmentRequest request)
    {
        try
        {
            _parent.Release(route, request);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report; a detachment or Repair meets this one again.
        }
    }

    private static HashSet<string> ContainersOf(IReadOnlyList<AttachmentRecord> attachments) =>
        [.. attachments.Select(record => record.Plan.Request.ContainerId)];

    private static string SubjectOf(AttachmentRequest request) => $"container {request.ContainerName} on network {request.Network.Name}";

    private T DoLocked<T>(string subject, Func<RouteSocket, T> work, CancellationToken cancellation) => Do(subject, () =>
    {
        Directory.CreateDirectory(environment.RunDirectory);
        using var changing = LockFile.Open(_lockPath);
        var began = Stopwatch.GetTimestamp();
        while (!changing.TryLock(isShared: false))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(began) > _patience)
            {
                throw new DriverException(
                    $"{subject}: another session of the macvlan driver held {_lockPath} for {_patience.TotalSeconds} seconds",
                    DriverErrorKind.Failed);
            }

            cancellation.WaitHandle.WaitOne(5);
        }

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

using System.Globalization;
using PsContainers.Drivers;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Compares networks with the kernel, and mends what a flushed firewall, a crash or somebody's hand has done to them.</summary>
public sealed class RepairNetworks
{
    private readonly NetworkTable _networks;
    private readonly NetworkLookup _lookup;
    private readonly NetworkUsers _users;
    private readonly AttachmentTable _attachments;
    private readonly ContainerTable _containers;
    private readonly Reconciliation _reconciliation;
    private readonly NetworkLocks _locks;
    private readonly AttachmentRelease _release;
    private readonly NetworkDrivers _drivers;

    internal RepairNetworks(
        NetworkTable networks,
        NetworkLookup lookup,
        NetworkUsers users,
        AttachmentTable attachments,
        ContainerTable containers,
        Reconciliation reconciliation,
        NetworkLocks locks,
        AttachmentRelease release,
        NetworkDrivers drivers)
    {
        _networks = networks;
        _lookup = lookup;
        _users = users;
        _attachments = attachments;
        _containers = containers;
        _reconciliation = reconciliation;
        _locks = locks;
        _release = release;
        _drivers = drivers;
    }

    /// <summary>The names of all networks.</summary>
    public IReadOnlyList<string> Names() => [.. _networks.All().Select(row => row.Name)];

    /// <param name="check">Says what would be mended, and mends nothing.</param>
    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkDriverFailed</exception>
    public IReadOnlyList<ContainerNetworkProblem> Execute(string network, bool check, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(network);
        using var held = _locks.Acquire(row.Id, row.Name, cancellation);

        // Containers that have ended give back what they had.
        _users.NamesOn(row.Id);
        var left = _attachments.On(row.Id).Where(attachment => !IsRunning(attachment.Container)).ToList();
        if (!check)
        {
            left.ForEach(attachment => _release.One(attachment, namespacePath: null));
        }

        List<string> problems = [.. left.Select(attachment => $"what '{attachment.Request.ContainerName}' had is not given back")];
        var attachments = _attachments.On(row.Id).Except(left).Select(Present).ToList();
        problems.AddRange(_drivers.Repair(row.Definition, attachments, check, cancellation));
        return [.. problems.Select(problem => new ContainerNetworkProblem(row.Name, problem, IsRepaired: !check))];
    }

    // The path that was kept was good for the call that attached it, and by now may lead to anything.
    private AttachmentRecord Present(AttachmentRow attachment)
    {
        var state = _containers.Find(attachment.Container) is { } row ? _reconciliation.Current(row).State : null;
        var path = state is null ? null : string.Create(CultureInfo.InvariantCulture, $"/proc/{state.Pid}/ns/net");
        var plan = attachment.Record.Plan;
        return attachment.Record with { Plan = plan with { Request = plan.Request with { NamespacePath = path } } };
    }

    private bool IsRunning(string container) => _containers.Find(container) is { Status: ContainerStatus.Running };
}

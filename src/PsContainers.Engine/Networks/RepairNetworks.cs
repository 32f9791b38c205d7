using PsContainers.Engine.Locks;
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
    private readonly NetworkLocks _locks;
    private readonly AttachmentRelease _release;
    private readonly NetworkDrivers _drivers;

    internal RepairNetworks(
        NetworkTable networks,
        NetworkLookup lookup,
        NetworkUsers users,
        AttachmentTable attachments,
        ContainerTable containers,
        NetworkLocks locks,
        AttachmentRelease release,
        NetworkDrivers drivers)
    {
        _networks = networks;
        _lookup = lookup;
        _users = users;
        _attachments = attachments;
        _containers = containers;
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
        var attachments = _attachments.On(row.Id).Except(left).Select(attachment => attachment.Record).ToList();
        problems.AddRange(_drivers.Repair(row.Definition, attachments, check, cancellation));
        return [.. problems.Select(problem => new ContainerNetworkProblem(row.Name, problem, IsRepaired: !check))];
    }

    private bool IsRunning(string container) => _containers.Find(container) is { Status: ContainerStatus.Running };
}

using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Networks;

/// <summary>Takes a container off a network: at once when it runs, and for every later start.</summary>
public sealed class DisconnectNetwork
{
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerTable _containers;
    private readonly NetworkLookup _networks;
    private readonly AttachmentTable _attachments;
    private readonly RunningConnections _connections;
    private readonly ContainerModel _model;

    internal DisconnectNetwork(
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        ContainerTable containers,
        NetworkLookup networks,
        AttachmentTable attachments,
        RunningConnections connections,
        ContainerModel model)
    {
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _containers = containers;
        _networks = networks;
        _attachments = attachments;
        _connections = connections;
        _model = model;
    }

    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkNotConnected, NetworkDriverFailed</exception>
    public Container Execute(string network, string container, CancellationToken cancellation = default) =>
        _model.Of(Perform(network, container, _connections.Leave, cancellation));

    /// <summary>The same, also when the network's driver fails or is gone.</summary>
    /// <returns>What may be left in the kernel, in words.</returns>
    internal IReadOnlyList<string> ExecuteByForce(string network, string container, CancellationToken cancellation)
    {
        List<string> left = [];
        Perform(network, container, (row, state, attached) => left.AddRange(_connections.LeaveByForce(row, state, attached)), cancellation);
        return left;
    }

    private CurrentContainer Perform(
        string asked, string container, Action<ContainerRow, RunState, AttachmentRow> leave, CancellationToken cancellation)
    {
        var network = _networks.Resolve(asked);
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        var row = current.IsRemoved ? throw EngineErrors.ContainerNotFound(container) : current.Row;
        var before = row.Settings.Networks ?? [];
        var attached = _attachments.Find(row.Id, network.Id);
        if (attached is null && !before.Any(connection => connection.Network == network.Name))
        {
            throw NetworkErrors.NotConnected(network.Name, row.Name);
        }

        switch (current, attached)
        {
            case ({ IsRunning: true, State: { } state }, { } present):
                leave(row, state, present);
                break;
            case ({ IsRunning: true, State: { } state }, null):
                _connections.FinishLeaving(row, state);
                break;
            default:
                break;
        }

        List<NetworkConnection> left = [.. before.Where(connection => connection.Network != network.Name)];
        row = row with
        {
            Settings = row.Settings with { Networks = left, Network = left.Count > 0 ? NetworkMode.Networks : NetworkMode.None },
        };
        _containers.SetSettings(row);
        return current with { Row = row };
    }
}

using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Puts a container on one more network: at once when it runs, and for every later start.</summary>
public sealed class ConnectNetwork
{
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerTable _containers;
    private readonly NetworkLookup _networks;
    private readonly AttachmentTable _attachments;
    private readonly RunningConnections _connections;
    private readonly ContainerModel _model;

    internal ConnectNetwork(
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

    /// <exception cref="ContainerEngineException">
    /// NetworkNotFound, NetworkConnected, NetworkUnsupported, or as for the start of a container.
    /// </exception>
    public Container Execute(NetworkConnection connection, string container, CancellationToken cancellation = default)
    {
        var network = _networks.Resolve(connection.Network);
        var wanted = NetworkSelection.Checked(connection with { Network = network.Name });
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        var row = current.IsRemoved ? throw EngineErrors.ContainerNotFound(container) : current.Row;
        if (row.Settings.Network is not (NetworkMode.Networks or NetworkMode.None))
        {
            throw NetworkErrors.Unsupported(row.Name, "has a network that is not its own");
        }

        var before = row.Settings.Networks ?? [];
        if (before.Any(other => other.Network == network.Name) && !IsLeavingHalfDone(current, network))
        {
            throw NetworkErrors.Connected(network.Name, row.Name);
        }

        using var rollback = new Rollback();
        if (current is { IsRunning: true, State: { } state })
        {
            _connections.Join(row, state, network, wanted, rollback, cancellation);
        }

        var others = before.Where(other => other.Network != network.Name);
        row = row with { Settings = row.Settings with { Network = NetworkMode.Networks, Networks = [.. others, wanted] } };
        _containers.SetSettings(row);
        rollback.Commit();
        return _model.Of(current with { Row = row });
    }

    // The settings tell of a network that a running container is not on: somebody was killed who took it off.
    private bool IsLeavingHalfDone(CurrentContainer current, NetworkRow network) =>
        current.IsRunning && _attachments.Find(current.Row.Id, network.Id) is null;
}

using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Puts a container on one more network: at once when it runs, and for every later start.</summary>
public sealed class ConnectNetwork
{
    private readonly EnginePaths _paths;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerTable _containers;
    private readonly NetworkLookup _networks;
    private readonly AttachmentTable _attachments;
    private readonly ContainerNetworking _networking;
    private readonly ContainerModel _model;

    internal ConnectNetwork(
        EnginePaths paths,
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        ContainerTable containers,
        NetworkLookup networks,
        AttachmentTable attachments,
        ContainerNetworking networking,
        ContainerModel model)
    {
        _paths = paths;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _containers = containers;
        _networks = networks;
        _attachments = attachments;
        _networking = networking;
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
        var row = current.Row;
        if (row.Settings.Network is not (NetworkMode.Networks or NetworkMode.None))
        {
            throw NetworkErrors.Unsupported(row.Name, "has a network that is not its own");
        }

        var before = row.Settings.Networks ?? [];
        if (before.Any(other => other.Network == network.Name))
        {
            throw NetworkErrors.Connected(network.Name, row.Name);
        }

        using var rollback = new Rollback();
        if (current is { IsRunning: true, State: { } state })
        {
            var path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{state.Pid}/ns/net");
            if (_attachments.Find(row.Id, network.Id) is { } halfDone)
            {
                // Somebody was killed before the settings told of it.
                _networking.Detach(halfDone, path);
            }

            var others = _attachments.Of(row.Id);
            var position = others.Select(other => other.Position + 1).DefaultIfEmpty(0).Max();
            var attached = _networking.Attach(row, [wanted], path, position, cancellation)[0];
            rollback.Add(() => _networking.Detach(attached, path));
            NetworkFiles.Join(row, _paths.RunDirectory(row.Id), others, attached);
        }

        row = row with { Settings = row.Settings with { Network = NetworkMode.Networks, Networks = [.. before, wanted] } };
        _containers.SetSettings(row);
        rollback.Commit();
        return _model.Of(current with { Row = row });
    }
}

using System.Globalization;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Takes a container off a network: at once when it runs, and for every later start.</summary>
public sealed class DisconnectNetwork
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

    internal DisconnectNetwork(
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

    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkNotConnected, NetworkDriverFailed</exception>
    public Container Execute(string network, string container, CancellationToken cancellation = default)
    {
        var name = _networks.Resolve(network).Name;
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        var row = current.Row;
        var before = row.Settings.Networks ?? [];
        var attached = _attachments.Find(row.Id, _networks.Resolve(name).Id);
        if (attached is null && !before.Any(connection => connection.Network == name))
        {
            throw NetworkErrors.NotConnected(name, row.Name);
        }

        if (current is { IsRunning: true, State: { } state } && attached is not null)
        {
            _networking.Detach(attached, string.Create(CultureInfo.InvariantCulture, $"/proc/{state.Pid}/ns/net"));
            NetworkFiles.Leave(row, _paths.RunDirectory(row.Id), _attachments.Of(row.Id), attached);
        }

        List<NetworkConnection> left = [.. before.Where(connection => connection.Network != name)];
        row = row with
        {
            Settings = row.Settings with { Networks = left, Network = left.Count > 0 ? NetworkMode.Networks : NetworkMode.None },
        };
        _containers.SetSettings(row);
        return _model.Of(current with { Row = row });
    }
}

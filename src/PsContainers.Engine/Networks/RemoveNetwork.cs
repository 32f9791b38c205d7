using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Removes networks that no container uses.</summary>
public sealed class RemoveNetwork
{
    private readonly NetworkTable _networks;
    private readonly NetworkLookup _lookup;
    private readonly NetworkUsers _users;
    private readonly NetworkLocks _locks;
    private readonly NetworkDrivers _drivers;
    private readonly DisconnectNetwork _disconnect;

    internal RemoveNetwork(
        NetworkTable networks,
        NetworkLookup lookup,
        NetworkUsers users,
        NetworkLocks locks,
        NetworkDrivers drivers,
        DisconnectNetwork disconnect) =>
        (_networks, _lookup, _users, _locks, _drivers, _disconnect) = (networks, lookup, users, locks, drivers, disconnect);

    /// <param name="force">Containers that are on it leave it first.</param>
    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkInUse, NetworkDriverFailed</exception>
    public void Execute(string network, bool force = false, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(network);
        if (force)
        {
            foreach (var container in _users.NamesOn(row.Id).Union(_users.NamesMeaning(row.Name)))
            {
                _disconnect.Execute(row.Name, container, cancellation);
            }
        }

        // Nobody is attached from here on.
        using var held = _locks.Acquire(row.Id, row.Name, cancellation);
        var users = _users.NamesOn(row.Id).Union(_users.NamesMeaning(row.Name)).ToList();
        if (users.Count > 0)
        {
            throw NetworkErrors.InUse(row.Name, users);
        }

        // A driver may keep what the next container would need again, such as a bridge.
        _drivers.Repair(row.Definition, attachments: [], check: false, cancellation);
        if (!_networks.TryRemove(row.Id))
        {
            throw NetworkErrors.InUse(row.Name, _users.NamesOn(row.Id));
        }

        _locks.Discard(row.Id);
    }

    /// <summary>The names of the networks that no container, running or not, means.</summary>
    public IReadOnlyList<string> Unused() =>
    [
        .. _networks.All()
            .Where(row => _users.NamesMeaning(row.Name).Count == 0 && _users.NamesOn(row.Id).Count == 0)
            .Select(row => row.Name),
    ];
}

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
    private readonly AttachmentRelease _release;
    private readonly AttachmentLeftovers _leftovers;
    private readonly DisconnectNetwork _disconnect;

    internal RemoveNetwork(
        NetworkTable networks,
        NetworkLookup lookup,
        NetworkUsers users,
        NetworkLocks locks,
        NetworkDrivers drivers,
        AttachmentRelease release,
        AttachmentLeftovers leftovers,
        DisconnectNetwork disconnect)
    {
        _networks = networks;
        _lookup = lookup;
        _users = users;
        _locks = locks;
        _drivers = drivers;
        _release = release;
        _leftovers = leftovers;
        _disconnect = disconnect;
    }

    /// <param name="force">Containers that are on it leave it first, and it goes although its driver fails or is gone.</param>
    /// <returns>What may be left in the kernel, in words; nothing without <paramref name="force"/>.</returns>
    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkInUse, NetworkDriverFailed, NetworkDriverNotFound</exception>
    public IReadOnlyList<string> Execute(string network, bool force = false, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(network);
        List<string> left = [];
        if (force)
        {
            foreach (var container in _users.NamesOn(row.Id).Union(_users.NamesMeaning(row.Name)))
            {
                left.AddRange(_disconnect.ExecuteByForce(row.Name, container, cancellation));
            }
        }

        // Nobody is attached from here on.
        using var held = _locks.Acquire(row.Id, row.Name, cancellation);
        if (_networks.Find(row.Id) is null)
        {
            // Somebody else removed it; the file of its lock is our own.
            _locks.Discard(row.Id);
            throw NetworkErrors.NotFound(row.Name);
        }

        RefuseUsers(row);
        foreach (var attachment in _users.Attached(row.Id))
        {
            _leftovers.TryDo(attachment, () => left.AddRange(GiveBack(attachment, force)));
        }

        left.AddRange(ClearAway(row, force, cancellation));
        if (!_networks.TryRemove(row.Id))
        {
            RefuseUsers(row);
        }

        _locks.Discard(row.Id);
        return left;
    }

    /// <summary>The names of the networks that no container, running or not, means.</summary>
    public IReadOnlyList<string> Unused() =>
    [
        .. _networks.All()
            .Where(row => _users.NamesMeaning(row.Name).Count == 0 && _users.NamesOn(row.Id).Count == 0)
            .Select(row => row.Name),
    ];

    private void RefuseUsers(NetworkRow row)
    {
        var users = _users.NamesOn(row.Id).Union(_users.NamesMeaning(row.Name)).ToList();
        if (users.Count > 0)
        {
            throw NetworkErrors.InUse(row.Name, users);
        }
    }

    private IReadOnlyList<string> GiveBack(AttachmentRow attachment, bool force)
    {
        try
        {
            _release.One(attachment, namespacePath: null);
            return [];
        }
        catch (ContainerEngineException e) when (force)
        {
            return [_release.Forget(attachment, e)];
        }
    }

    // A driver may keep what the next container would need again, such as a bridge.
    private IReadOnlyList<string> ClearAway(NetworkRow row, bool force, CancellationToken cancellation)
    {
        try
        {
            _drivers.Repair(row.Definition, attachments: [], check: false, cancellation);
            return [];
        }
        catch (ContainerEngineException e) when (force)
        {
            return [$"{e.Message} (driver '{row.Definition.Driver}'); the network '{row.Name}' is gone, its links and rules may be left"];
        }
    }
}

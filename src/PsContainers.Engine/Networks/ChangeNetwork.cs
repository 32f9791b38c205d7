using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Changes a network: its labels at any time, what its driver knows of it while no container is attached.</summary>
public sealed class ChangeNetwork
{
    private readonly NetworkTable _networks;
    private readonly NetworkLookup _lookup;
    private readonly NetworkUsers _users;
    private readonly NetworkLocks _locks;
    private readonly NetworkDrivers _drivers;
    private readonly AttachmentRelease _release;
    private readonly AttachmentLeftovers _leftovers;

    internal ChangeNetwork(
        NetworkTable networks,
        NetworkLookup lookup,
        NetworkUsers users,
        NetworkLocks locks,
        NetworkDrivers drivers,
        AttachmentRelease release,
        AttachmentLeftovers leftovers)
    {
        _networks = networks;
        _lookup = lookup;
        _users = users;
        _locks = locks;
        _drivers = drivers;
        _release = release;
        _leftovers = leftovers;
    }

    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkInUse, NetworkInvalid, NetworkDriverFailed</exception>
    public ContainerNetwork Execute(string network, NetworkUpdate update, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(network);

        // Nobody is attached by the old definition meanwhile.
        using var held = _locks.Acquire(row.Id, row.Name, cancellation);
        row = _lookup.Again(row);
        var changed = row with { Labels = update.Labels ?? row.Labels };
        if (update is { Internal: null, Names: null, Mtu: null, Options: null })
        {
            _networks.SetLabels(changed);
            return NetworkModel.Of(changed, _users.NamesOn(row.Id));
        }

        var users = _users.NamesOn(row.Id);
        if (users.Count > 0)
        {
            throw NetworkErrors.InUse(row.Name, users);
        }

        // What was attached by the old definition is given back by it.
        foreach (var attachment in _users.Attached(row.Id))
        {
            _leftovers.TryDo(attachment, () => _release.One(attachment, namespacePath: null));
        }

        var wanted = row.Definition with
        {
            IsInternal = update.Internal ?? row.Definition.IsInternal,
            HasNames = update.Names ?? row.Definition.HasNames,
            Mtu = update.Mtu ?? row.Definition.Mtu,
            Options = update.Options ?? row.Definition.Options,
        };
        var others = _networks.All().Where(other => other.Id != row.Id).Select(other => other.Definition);
        changed = changed with { Definition = _drivers.Define(wanted, [.. others]) };
        return _networks.TryChange(changed)
            ? NetworkModel.Of(changed, [])
            : throw NetworkErrors.InUse(_lookup.Again(row).Name, _users.NamesOn(row.Id));
    }
}

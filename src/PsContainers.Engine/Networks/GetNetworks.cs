using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Shows networks, with the containers that are on them.</summary>
public sealed class GetNetworks
{
    private readonly NetworkTable _networks;
    private readonly NetworkLookup _lookup;
    private readonly NetworkUsers _users;

    internal GetNetworks(NetworkTable networks, NetworkLookup lookup, NetworkUsers users) =>
        (_networks, _lookup, _users) = (networks, lookup, users);

    /// <summary>All of them; the default network is not among them before it is first used.</summary>
    public IReadOnlyList<ContainerNetwork> Execute() => [.. _networks.All().Select(Show)];

    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkAmbiguous</exception>
    public ContainerNetwork Execute(string network) => Show(_lookup.Resolve(network));

    private ContainerNetwork Show(NetworkRow row) => NetworkModel.Of(row, _users.NamesOn(row.Id));
}

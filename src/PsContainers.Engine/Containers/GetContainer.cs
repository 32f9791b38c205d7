using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Finds one container by name or beginning of its id.</summary>
public sealed class GetContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerLookup _lookup;
    private readonly Reconciliation _reconciliation;

    internal GetContainer(EnginePaths paths, ContainerLookup lookup, Reconciliation reconciliation)
    {
        _paths = paths;
        _lookup = lookup;
        _reconciliation = reconciliation;
    }

    public Container Execute(string container)
    {
        var current = _reconciliation.Current(_lookup.Resolve(container));
        return current.IsRemoved ? throw EngineErrors.ContainerNotFound(container) : ContainerModel.Of(current, _paths);
    }
}

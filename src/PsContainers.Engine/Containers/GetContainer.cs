using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Finds one container by name or beginning of its id.</summary>
public sealed class GetContainer
{
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly Reconciliation _reconciliation;

    internal GetContainer(ContainerModel model, ContainerLookup lookup, Reconciliation reconciliation)
    {
        _model = model;
        _lookup = lookup;
        _reconciliation = reconciliation;
    }

    public Container Execute(string container)
    {
        var current = _reconciliation.Current(_lookup.Resolve(container));
        return current.IsRemoved ? throw EngineErrors.ContainerNotFound(container) : _model.Of(current);
    }
}

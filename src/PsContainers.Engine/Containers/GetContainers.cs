using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Containers;

/// <summary>Lists the containers, as the kernel has them now.</summary>
public sealed class GetContainers
{
    private readonly ContainerModel _model;
    private readonly ContainerTable _containers;
    private readonly Reconciliation _reconciliation;

    internal GetContainers(ContainerModel model, ContainerTable containers, Reconciliation reconciliation)
    {
        _model = model;
        _containers = containers;
        _reconciliation = reconciliation;
    }

    public IReadOnlyList<Container> Execute()
    {
        var rows = _containers.All();
        var list = new List<Container>(rows.Count);
        foreach (var row in rows)
        {
            var current = _reconciliation.Current(row);
            if (!current.IsRemoved)
            {
                list.Add(_model.Of(current));
            }
        }

        return list;
    }
}

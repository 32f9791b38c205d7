using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>A network as the store has it.</summary>
internal sealed record NetworkRow(NetworkDefinition Definition, IReadOnlyDictionary<string, string> Labels, DateTime Created)
{
    public string Id => Definition.Id;

    public string Name => Definition.Name;
}

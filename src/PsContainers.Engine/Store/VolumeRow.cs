using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>A volume as the store has it.</summary>
/// <param name="Name">The one it has now; its driver knows the first.</param>
internal sealed record VolumeRow(
    string Name,
    VolumeDefinition Definition,
    IReadOnlyDictionary<string, string> Labels,
    bool IsAnonymous,
    DateTime Created,
    ContainerVolumeStatus Status = ContainerVolumeStatus.Created,
    VolumeResult? Result = null)
{
    public string Id => Definition.Id;

    public VolumeRecord Record => new() { Volume = Definition, Result = Result };
}

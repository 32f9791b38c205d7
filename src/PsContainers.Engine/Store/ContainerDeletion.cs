namespace PsContainers.Engine.Store;

/// <summary>What goes along with a container's row.</summary>
/// <param name="NeedsCollection">An image went with it, so that its layers can be collected.</param>
/// <param name="Volumes">The ids of anonymous volumes that nobody has any more; their drivers are yet to remove them.</param>
internal sealed record ContainerDeletion(bool NeedsCollection, IReadOnlyList<string> Volumes);

namespace PsContainers.Engine.Store;

/// <summary>A container that is to be put into the store, with the volumes that have to be made for it.</summary>
internal sealed record ContainerDraft(ContainerRow Row, IReadOnlyList<VolumeRow> NewVolumes);

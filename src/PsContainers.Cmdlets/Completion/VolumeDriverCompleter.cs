namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of plugins that have a volume driver.</summary>
public sealed class VolumeDriverCompleter() : DriverCompleter("volume");

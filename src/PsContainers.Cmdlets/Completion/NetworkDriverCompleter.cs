namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of plugins that have a network driver.</summary>
public sealed class NetworkDriverCompleter() : DriverCompleter("network");

using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of plugins that have a driver of one kind.</summary>
public abstract class DriverCompleter(string kind) : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).Plugins.List()
            .Where(plugin => plugin.Kinds.Contains(kind))
            .Select(plugin => (plugin.Name, plugin.Description ?? plugin.Path));
}

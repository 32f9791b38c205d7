using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of plugins that have a network driver.</summary>
public sealed class NetworkDriverCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).Plugins.List()
            .Where(plugin => plugin.Kinds.Contains("network"))
            .Select(plugin => (plugin.Name, plugin.Description ?? plugin.Path));
}

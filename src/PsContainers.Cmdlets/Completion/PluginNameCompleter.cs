using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of plugins.</summary>
public sealed class PluginNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).Plugins.List()
            .Select(plugin => (plugin.Name, plugin.Error ?? plugin.Description ?? plugin.Path));
}

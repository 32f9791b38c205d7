using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of plugins that have a volume driver.</summary>
public sealed class VolumeDriverCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).Plugins.List()
            .Where(plugin => plugin.Kinds.Contains("volume"))
            .Select(plugin => (plugin.Name, plugin.Description ?? plugin.Path));
}

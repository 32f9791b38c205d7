using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of networks.</summary>
public sealed class NetworkNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetNetworks.Execute()
            .Select(network => (network.Name, $"{network.Driver}, {string.Join(", ", network.Subnet)}"));
}

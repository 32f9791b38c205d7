using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes what -Network of a container may name.</summary>
public sealed class NetworkCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates()
    {
        var services = EngineSession.Open(CancellationToken.None);
        var networks = services.GetNetworks.Execute();
        return
        [
            .. networks.Select(network => (network.Name, $"{network.Driver}, {string.Join(", ", network.Subnet)}")),
            .. networks.Any(network => network.Name == ContainerNetwork.DefaultName)
                ? Array.Empty<(string, string)>()
                : [(ContainerNetwork.DefaultName, "the default network")],
            ("None", "the loopback link only"),
            ("Host", "the host's network"),
            .. services.GetContainers.Execute()
                .Select(container => ($"Container:{container.Name}", $"that of {container.Name}, {container.Status}")),
        ];
    }
}

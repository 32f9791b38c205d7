using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes where a namespace comes from.</summary>
public sealed class NamespaceCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
    [
        ("Private", "one of its own"),
        ("Host", "the host's"),
        .. EngineSession.Open(CancellationToken.None).GetContainers.Execute()
            .Select(container => ($"Container:{container.Name}", $"that of {container.Name}, {container.Status}")),
    ];
}

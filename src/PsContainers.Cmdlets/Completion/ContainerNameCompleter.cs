using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes container names.</summary>
public sealed class ContainerNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetContainers.Execute()
            .Select(container => (container.Name, $"{container.Status}, {container.Image}"));
}

using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes the names of manifest lists.</summary>
public sealed class ManifestNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetManifests.Execute()
            .Select(list => (list.Name, $"{list.Images.Count} images"));
}

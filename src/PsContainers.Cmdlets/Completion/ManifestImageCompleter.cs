using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes the images that are on manifest lists.</summary>
public sealed class ManifestImageCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetManifests.Execute()
            .SelectMany(list => list.Images)
            .Select(image => (image.Image, $"{image.Platform} on {image.Manifest}"))
            .Distinct();
}

using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes image names.</summary>
public sealed class ImageNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetImages.Execute()
            .SelectMany(image => image.Names.Select(name => (name, $"image {image.ShortId}")));
}

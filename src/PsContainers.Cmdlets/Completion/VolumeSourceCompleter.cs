using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes the name of a volume as <c>-Volume</c> wants it; where none begins so, PowerShell completes files.</summary>
public sealed class VolumeSourceCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetVolumes.Execute()
            .Where(volume => !volume.Anonymous)
            .Select(volume => ($"{volume.Name}:", $"the volume {volume.Name}, {volume.Driver}"));
}

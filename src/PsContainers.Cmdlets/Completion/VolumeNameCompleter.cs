using PsContainers.Cmdlets.Loading;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of volumes.</summary>
public sealed class VolumeNameCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        EngineSession.Open(CancellationToken.None).GetVolumes.Execute()
            .Select(volume => (volume.Name, $"{volume.Driver}, {UsersOf(volume)}"));

    private static string UsersOf(ContainerVolume volume) =>
        volume.Container.Count == 0 ? "unused" : string.Join(", ", volume.Container);
}

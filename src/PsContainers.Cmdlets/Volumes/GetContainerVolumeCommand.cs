using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Lists volumes, with the containers that have them.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerVolume")]
[OutputType(typeof(ContainerVolume))]
public sealed class GetContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [ArgumentCompleter(typeof(VolumeDriverCompleter))]
    [SupportsWildcards]
    public string Driver { get; set; } = "*";

    /// <summary>All of them with these values; a label alone: with that label.</summary>
    [Parameter]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    /// <summary>Those that no container has, running or not.</summary>
    [Parameter]
    public SwitchParameter Unused { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForItem(name, () => Write(name));
        }
    }

    private void Write(string name)
    {
        var driver = PatternOf(Driver);
        var pattern = PatternOf(name);
        IEnumerable<ContainerVolume> found = IsPattern(name)
            ? Services.GetVolumes.Execute().Where(volume => pattern.IsMatch(volume.Name))
            : [Services.GetVolumes.Execute(name)];
        WriteObject(found.Where(volume => driver.IsMatch(volume.Driver) && IsAsked(volume)), enumerateCollection: true);
    }

    private bool IsAsked(ContainerVolume volume) =>
        (!Unused || volume.Container.Count + volume.MountPoint.Count == 0)
        && (Label is null || Label.All(
            asked => volume.Label.TryGetValue(asked.Key, out var value) && (asked.Value.Length == 0 || asked.Value == value)));
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Removes volumes that no container has, with all that is in them.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerVolume", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
public sealed class RemoveContainerVolumeCommand : ContainersCmdlet
{
    private const string ByName = "Name";
    private const string AllUnused = "Unused";

    [Parameter(
        ParameterSetName = ByName, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Anonymous volumes that no container, running or not, has.</summary>
    [Parameter(ParameterSetName = AllUnused, Mandatory = true)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Those with names as well.</summary>
    [Parameter(ParameterSetName = AllUnused)]
    public SwitchParameter All { get; set; }

    protected override void ProcessRecord()
    {
        if (Unused)
        {
            ForItem(null, () => Array.ForEach([.. Services.RemoveVolume.Unused(All)], Remove));
        }
        else
        {
            ForEachItem(Name, pattern => Services.GetVolumes.Execute().Select(volume => volume.Name).Where(pattern.IsMatch), Remove);
        }
    }

    private void Remove(string name)
    {
        if (ShouldProcess(VolumeSize.Shown(this, Services, name), "Remove-ContainerVolume"))
        {
            ForItem(name, () => Services.RemoveVolume.Execute(name, StopToken));
        }
    }
}

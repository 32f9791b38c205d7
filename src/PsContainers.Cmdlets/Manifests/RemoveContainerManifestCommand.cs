using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>Removes manifest lists; their images stay.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerManifest", SupportsShouldProcess = true)]
public sealed class RemoveContainerManifestCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ManifestNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(
        Name,
        pattern => Services.GetManifests.Execute().Select(list => list.Name).Where(pattern.IsMatch),
        Remove);

    private void Remove(string name)
    {
        if (ShouldProcess(name, "Remove-ContainerManifest"))
        {
            ForItem(name, () => Services.RemoveManifest.Execute(name));
        }
    }
}

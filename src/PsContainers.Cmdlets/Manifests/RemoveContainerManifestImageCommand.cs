using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>Takes images off a manifest list; they stay in the store.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerManifestImage", SupportsShouldProcess = true)]
public sealed class RemoveContainerManifestImageCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ManifestNameCompleter))]
    [Alias("Manifest")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>On the list: a name, a digest, an id.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ManifestImageCompleter))]
    [Alias("Digest")]
    [ValidateNotNullOrEmpty]
    public string[] Image { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var image in Image)
        {
            if (ShouldProcess($"{image} on {Name}", "Remove-ContainerManifestImage"))
            {
                ForItem(image, () => Services.RemoveManifestImage.Execute(Name, image));
            }
        }
    }
}

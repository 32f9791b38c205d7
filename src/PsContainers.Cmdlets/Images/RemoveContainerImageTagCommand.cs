using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Takes names off images, which stay even without any.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImageTag", SupportsShouldProcess = true)]
public sealed class RemoveContainerImageTagCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(Tag, ImagesLike, Remove);

    private void Remove(string tag)
    {
        if (ShouldProcess(tag, "Remove-ContainerImageTag"))
        {
            ForItem(tag, () => Services.RemoveImageTag.Execute(tag));
        }
    }
}

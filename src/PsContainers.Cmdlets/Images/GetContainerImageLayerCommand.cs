using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Lists the layers of images, the lowest first.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImageLayer")]
[OutputType(typeof(ContainerImageLayer))]
public sealed class GetContainerImageLayerCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(
        Name, ImagesLike, name => ForItem(name, () => WriteObject(Services.GetImageLayers.Execute(name), enumerateCollection: true)));
}

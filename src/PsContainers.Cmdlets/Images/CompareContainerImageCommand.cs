using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Lists the files in which one image differs from another.</summary>
[Cmdlet(VerbsData.Compare, "ContainerImage")]
[OutputType(typeof(ContainerChange))]
public sealed class CompareContainerImageCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string ReferenceImage { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] DifferenceImage { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var image in DifferenceImage)
        {
            ForItem(
                image, () => WriteObject(Services.CompareImages.Execute(ReferenceImage, image, StopToken), enumerateCollection: true));
        }
    }
}

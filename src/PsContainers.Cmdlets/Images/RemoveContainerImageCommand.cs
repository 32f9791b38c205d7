using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Takes a name off an image; the image goes with its last name.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", SupportsShouldProcess = true)]
public sealed class RemoveContainerImageCommand : ContainersCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    [Parameter(ParameterSetName = ByName, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>An image from the pipeline: what is meant is the image, not the first of its names.</summary>
    /// <remarks>No array: a value that had to be converted would be taken for a name.</remarks>
    [Parameter(ParameterSetName = ByObject, Mandatory = true, ValueFromPipeline = true)]
    public ContainerImage? InputObject { get; set; }

    /// <summary>Removes all names of an image given by id or object, and an image that stopped containers use.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            Remove(InputObject.Name, InputObject.Id);
        }
        else
        {
            ForEachItem(Name, ImagesLike, name => Remove(name, name));
        }
    }

    private void Remove(string shown, string image)
    {
        if (ShouldProcess(shown, "Remove-ContainerImage"))
        {
            ForItem(shown, () => Services.RemoveImage.Execute(image, Force, StopToken));
        }
    }
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Takes a name off an image; the image goes with its last name.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", SupportsShouldProcess = true)]
public sealed class RemoveContainerImageCommand : ContainersCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";
    private const string WithoutUse = "Unused";
    private const string WithoutName = "Dangling";

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

    /// <summary>Every image that no container uses.</summary>
    [Parameter(ParameterSetName = WithoutUse, Mandatory = true)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Of those, every one that has no name.</summary>
    [Parameter(ParameterSetName = WithoutName, Mandatory = true)]
    public SwitchParameter Dangling { get; set; }

    /// <summary>Of those, every one that was built before, or imported where nobody knows when it was built.</summary>
    [Parameter(ParameterSetName = WithoutUse)]
    [Parameter(ParameterSetName = WithoutName)]
    public DateTime? Before { get; set; }

    /// <summary>Removes all names of an image given by id or object, and an image that stopped containers use.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            Remove(InputObject.Id);
        }
        else if (ParameterSetName is WithoutUse or WithoutName)
        {
            ForItem(null, RemoveUnused);
        }
        else
        {
            ForEachItem(Name, ImagesLike, Remove);
        }
    }

    private void RemoveUnused()
    {
        foreach (var item in Services.FindReclaimable.UnusedImages(Dangling, Before))
        {
            if (ShouldProcess(item.ToString(), "Remove-ContainerImage"))
            {
                ForItem(item.Name, () => Services.ReclaimStorage.Execute(item, StopToken));
            }
        }
    }

    private void Remove(string image)
    {
        if (ShouldProcess(Shown(image, Services.WeighStorage.ImageToRemove), "Remove-ContainerImage"))
        {
            ForItem(image, () => Services.RemoveImage.Execute(image, Force, StopToken));
        }
    }
}

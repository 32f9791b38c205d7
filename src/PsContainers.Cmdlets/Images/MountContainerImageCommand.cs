using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Shows the files of images at directories, to be read only.</summary>
[Cmdlet("Mount", "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImageMount))]
public sealed class MountContainerImageCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>A directory that is there. Without one the engine makes one.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Shown(Name, Services.WeighStorage.Image), "Mount-ContainerImage"))
        {
            var path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
            ForItem(Name, () => WriteObject(Services.MountImage.Execute(Name, path, StopToken)));
        }
    }
}

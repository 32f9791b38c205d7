using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Takes away directories at which the files of images are shown.</summary>
[Cmdlet("Dismount", "ContainerImage", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
public sealed class DismountContainerImageCommand : ContainersCmdlet
{
    private const string ByName = "Name";
    private const string ByPath = "Path";

    [Parameter(ParameterSetName = ByName, Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The directories; what Mount-ContainerImage returns can be piped here.</summary>
    [Parameter(ParameterSetName = ByPath, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Takes away every mount of the image, not the last one alone.</summary>
    [Parameter(ParameterSetName = ByName)]
    public SwitchParameter All { get; set; }

    /// <summary>Lets those keep the files that still use them.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var item in ParameterSetName == ByPath ? Path : Name)
        {
            if (ShouldProcess(item, "Dismount-ContainerImage"))
            {
                ForItem(item, () => Dismount(item));
            }
        }
    }

    private void Dismount(string item)
    {
        if (ParameterSetName == ByPath)
        {
            Services.DismountImage.ExecuteAt(GetUnresolvedProviderPathFromPSPath(item), Force, StopToken);
        }
        else
        {
            Services.DismountImage.Execute(item, All, Force, StopToken);
        }
    }
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Makes a container from an image without starting it.</summary>
[Cmdlet(VerbsCommon.New, "Container", SupportsShouldProcess = true, DefaultParameterSetName = FromImage)]
[OutputType(typeof(Container))]
public sealed class NewContainerCommand : ContainerCreationCmdlet
{
    [Parameter(
        ParameterSetName = FromImage, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "";

    [Parameter(ParameterSetName = FromImage)]
    public string? Name { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name ?? Image, "New-Container"))
        {
            ForItem(Name ?? Image, () => WriteObject(Services.CreateContainer.Execute(CreationOf(Image, Name))));
        }
    }
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Starts containers in the background; with -Image makes one first.</summary>
[Cmdlet(VerbsLifecycle.Start, "Container", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(Container))]
public sealed class StartContainerCommand : ContainerCreationCmdlet
{
    private const string ByName = "Name";

    [Parameter(ParameterSetName = ByName, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = FromImage, Position = 0)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = FromImage, Mandatory = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "";

    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByName)
        {
            ForEachItem(Name, ContainersLike, Start);
        }
        else if (Name.Length > 0)
        {
            foreach (var name in Name)
            {
                Run(name);
            }
        }
        else
        {
            Run(name: null);
        }
    }

    private void Start(string name)
    {
        if (ShouldProcess(name, "Start-Container"))
        {
            ForItem(name, () => WriteObject(Services.StartContainer.Execute(name, StopToken)));
        }
    }

    private void Run(string? name)
    {
        if (ShouldProcess(name ?? Image, "Start-Container"))
        {
            ForItem(name ?? Image, () => WriteObject(Services.StartNewContainer.Execute(CreationOf(Image, name), StopToken)));
        }
    }
}

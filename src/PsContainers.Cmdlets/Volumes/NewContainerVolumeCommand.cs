using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Makes volumes.</summary>
[Cmdlet(VerbsCommon.New, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class NewContainerVolumeCommand : ContainersCmdlet
{
    /// <summary>An anonymous volume when there is none.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeDriverCompleter))]
    public string? Driver { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [KeyValues]
    [Alias("Options")]
    public IDictionary<string, string>? Option { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name ?? [null!])
        {
            if (ShouldProcess(name ?? "an anonymous volume", "New-ContainerVolume"))
            {
                ForItem(name, () => WriteObject(Services.CreateVolume.Execute(Creation(name), StopToken)));
            }
        }
    }

    private VolumeCreation Creation(string? name) => new()
    {
        Name = name,
        Driver = Driver is { Length: > 0 } ? Driver : null,
        Options = Option?.AsReadOnly(),
        Labels = Label?.AsReadOnly(),
    };
}

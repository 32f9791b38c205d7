using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Puts the files of a tar file, plain or compressed with gzip or zstd, into a volume, which is made when there is none.</summary>
[Cmdlet(VerbsData.Import, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class ImportContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Of a volume that is made.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VolumeDriverCompleter))]
    public string? Driver { get; set; }

    [Parameter]
    [KeyValues]
    [Alias("Options")]
    public IDictionary<string, string>? Option { get; set; }

    [Parameter]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    /// <summary>Puts them beside files that are there, and in the place of those of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, $"Import-ContainerVolume {Path}"))
        {
            var path = GetUnresolvedProviderPathFromPSPath(Path);
            ForItem(Name, () => WriteObject(Services.ImportVolume.Execute(path, Creation, Force, StopToken)));
        }
    }

    private VolumeCreation Creation => new()
    {
        Name = Name,
        Driver = Driver,
        Options = Option?.AsReadOnly(),
        Labels = Label?.AsReadOnly(),
    };
}

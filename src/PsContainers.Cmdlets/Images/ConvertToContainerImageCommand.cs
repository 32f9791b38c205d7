using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Images;

/// <summary>Makes an image of a container and what it has changed.</summary>
[Cmdlet(VerbsData.ConvertTo, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ConvertToContainerImageCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string Container { get; set; } = "";

    /// <summary>The name of the image; without one it has only its id.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter]
    public string? Author { get; set; }

    [Parameter]
    public string? Message { get; set; }

    [Parameter]
    public string[]? Entrypoint { get; set; }

    [Parameter]
    public string[]? Command { get; set; }

    [Parameter]
    [KeyValues]
    [Alias("Env")]
    public IDictionary<string, string>? Environment { get; set; }

    [Parameter]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    [Parameter]
    public string? User { get; set; }

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    public string[]? ExposedPort { get; set; }

    [Parameter]
    public string[]? Volume { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>Lets a running container go on while its files are read.</summary>
    [Parameter]
    public SwitchParameter NoPause { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Shown(Container, Services.WeighStorage.Container), $"ConvertTo-ContainerImage {Name}"))
        {
            ForItem(Container, () => WriteObject(Services.CommitContainer.Execute(Container, Request(), StopToken)));
        }
    }

    private ContainerCommit Request() => new()
    {
        Name = Name,
        Author = Author,
        Message = Message,
        NoPause = NoPause,
        Entrypoint = Entrypoint,
        Command = Command,
        Environment = Environment?.AsReadOnly(),
        Labels = Label?.AsReadOnly(),
        User = User,
        WorkingDirectory = WorkingDirectory,
        ExposedPorts = ExposedPort,
        Volumes = Volume,
        StopSignal = StopSignal,
    };
}

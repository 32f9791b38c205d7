using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Runs a container in the foreground: its stdout are the strings of the pipeline, its stderr information records.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Container", SupportsShouldProcess = true, DefaultParameterSetName = FromImage)]
[OutputType(typeof(string), typeof(ContainerResult))]
public sealed class InvokeContainerCommand : ContainerCreationCmdlet
{
    [Parameter(
        ParameterSetName = FromImage, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "";

    [Parameter(ParameterSetName = FromImage)]
    public string? Name { get; set; }

    /// <summary>One object with exit code and output at the end, instead of the lines as they come.</summary>
    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name ?? Image, "Invoke-Container"))
        {
            ForItem(Name ?? Image, Run);
        }
    }

    private protected override void OnFailure(Exception failure) => OutputRelay.SetExitCode(
        SessionState, failure is ContainerEngineException e ? e.ExitCode : ContainerResult.EngineFailed);

    private void Run()
    {
        var relay = new OutputRelay(this, PassThru);
        var run = Services.RunContainer.Execute(CreationOf(Image, Name), relay.Take, StopToken);
        OutputRelay.SetExitCode(SessionState, run.ExitCode);
        relay.Finish(run.ExitCode, run.Container);
    }
}

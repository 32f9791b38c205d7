using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Runs a container in the foreground: its stdout are the strings of the pipeline, its stderr information records.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Container", SupportsShouldProcess = true, DefaultParameterSetName = FromImage)]
[OutputType(typeof(string), typeof(ContainerResult))]
public sealed class InvokeContainerCommand : ContainerCreationCmdlet
{
    /// <summary>Besides PSHOST, by which every host shows a line: who wrote it, for those that tell the streams apart.</summary>
    private static readonly string[] _tags = ["PSHOST", "stderr"];

    private readonly List<string> _output = [];
    private readonly List<string> _errorOutput = [];

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

    private protected override void OnFailure(Exception failure) =>
        SetExitCode(failure is ContainerEngineException e ? e.ExitCode : ContainerResult.EngineFailed);

    private void Run()
    {
        _output.Clear();
        _errorOutput.Clear();
        var run = Services.RunContainer.Execute(CreationOf(Image, Name), PassThru ? Collect : Write, StopToken);
        SetExitCode(run.ExitCode);
        if (PassThru)
        {
            WriteObject(new ContainerResult(run.ExitCode, [.. _output], [.. _errorOutput], run.Container));
        }
    }

    private void Collect(ContainerOutputLine line) => (line.Stream == OutputStream.StandardOutput ? _output : _errorOutput).Add(line.Text);

    private void Write(ContainerOutputLine line)
    {
        if (line.Stream == OutputStream.StandardOutput)
        {
            WriteObject(line.Text);
        }
        else
        {
            WriteInformation(new HostInformationMessage { Message = line.Text }, _tags);
        }
    }

    // As a native command leaves it.
    private void SetExitCode(int code) => SessionState.PSVariable.Set("global:LASTEXITCODE", code);
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Containers;

/// <summary>The parameters of every cmdlet that runs a command in a container which runs already.</summary>
public abstract class ContainerCommandCmdlet : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id", "Container")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter]
    [KeyValues]
    [Alias("Env")]
    public IDictionary<string, string>? Environment { get; set; }

    [Parameter]
    public string? User { get; set; }

    [Parameter]
    public string? WorkingDirectory { get; set; }

    private protected ContainerCommand CommandOf(IReadOnlyList<string> words) => new()
    {
        Container = Name,
        Command = words,
        Environment = Environment is null ? null : new Dictionary<string, string>(Environment),
        User = User,
        WorkingDirectory = WorkingDirectory,
    };

    private protected override void OnFailure(Exception failure) => OutputRelay.SetExitCode(
        SessionState, failure is ContainerEngineException e ? e.ExitCode : ContainerResult.EngineFailed);
}

using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Gives the console to a shell inside a running container, until that ends.</summary>
[Cmdlet(VerbsCommon.Enter, "Container", SupportsShouldProcess = true)]
public sealed class EnterContainerCommand : ContainerCommandCmdlet
{
    // The better of the shells that images have.
    private static readonly string[] _shell = ["/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh"];

    /// <summary>Another program than the shell.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[]? Command { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, "Enter-Container"))
        {
            ForItem(Name, Enter);
        }
    }

    private void Enter()
    {
        var words = Command is null ? _shell : TypedWords.Restore(Command, nameof(Command), MyInvocation);
        OutputRelay.SetExitCode(SessionState, Services.ExecuteCommand.RunOnTerminal(CommandOf(words)));
    }
}

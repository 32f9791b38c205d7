using System.Management.Automation;

namespace PsContainers.Cmdlets.Storage;

/// <summary>Tells whether the store is as it should be; changes nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerStorage")]
[OutputType(typeof(bool), typeof(ContainerStorageProblem))]
public sealed class TestContainerStorageCommand : ContainersCmdlet
{
    /// <summary>Looks at what is there, and reads no contents.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>Returns an object for each problem in place of a truth value and warnings.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    protected override void EndProcessing() => ForItem(null, () => Write(Services.CheckStorage.Execute(Quick, StopToken)));

    private void Write(IReadOnlyList<ContainerStorageProblem> problems)
    {
        if (Detailed)
        {
            WriteObject(problems, enumerateCollection: true);
            return;
        }

        foreach (var problem in problems)
        {
            WriteWarning(problem.ToString());
        }

        WriteObject(problems.Count == 0);
    }
}

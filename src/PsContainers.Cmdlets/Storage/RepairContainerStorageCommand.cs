using System.Management.Automation;

namespace PsContainers.Cmdlets.Storage;

/// <summary>Mends what is damaged in the store, from what the store holds.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerStorage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerStorageProblem))]
public sealed class RepairContainerStorageCommand : ContainersCmdlet
{
    /// <summary>Looks at what is there, and reads no contents.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>Returns what was mended.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void EndProcessing()
    {
        IReadOnlyList<ContainerStorageProblem> problems = [];
        ForItem(null, () => problems = Services.CheckStorage.Execute(Quick, StopToken));
        foreach (var problem in problems)
        {
            if (ShouldProcess(problem.ToString(), "Repair-ContainerStorage"))
            {
                ForItem(problem, () => Repair(problem));
            }
        }
    }

    private void Repair(ContainerStorageProblem problem)
    {
        Services.RepairStorage.Execute(problem, StopToken);
        if (PassThru)
        {
            WriteObject(problem);
        }
    }
}

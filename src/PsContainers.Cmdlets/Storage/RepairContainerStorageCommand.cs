using System.Management.Automation;

namespace PsContainers.Cmdlets.Storage;

/// <summary>Mends what is damaged in the store, from what the store holds.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerStorage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerStorageProblem))]
public sealed class RepairContainerStorageCommand : ContainersCmdlet
{
    /// <summary>What Test-ContainerStorage -Detailed found; without it the store is looked through anew.</summary>
    [Parameter(ValueFromPipeline = true)]
    public ContainerStorageProblem[] InputObject { get; set; } = [];

    /// <summary>Looks at what is there, and reads no contents.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>Returns what was mended.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => RepairAll(InputObject);

    // A pipeline that brings nothing has found nothing.
    protected override void EndProcessing()
    {
        if (!MyInvocation.ExpectingInput && InputObject.Length == 0)
        {
            IReadOnlyList<ContainerStorageProblem> problems = [];
            ForItem(null, () => problems = Services.CheckStorage.Execute(Quick, StopToken));
            RepairAll(problems);
        }
    }

    private void RepairAll(IEnumerable<ContainerStorageProblem> problems)
    {
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

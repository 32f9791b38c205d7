using System.Management.Automation;

namespace PsContainers.Cmdlets.Storage;

/// <summary>Removes what nothing in the store needs.</summary>
[Cmdlet(VerbsCommon.Clear, "ContainerStorage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerStorageItem))]
public sealed class ClearContainerStorageCommand : ContainersCmdlet
{
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>Removes images with names too.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Does not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void EndProcessing()
    {
        IReadOnlyList<ContainerStorageItem> items = [];
        ForItem(null, () => items = Services.FindReclaimable.Execute(All));
        foreach (var item in items)
        {
            if (ShouldProcess(item.ToString(), "Clear-ContainerStorage") && IsWanted(item))
            {
                ForItem(item, () => Remove(item));
            }
        }
    }

    // -Confirm, whichever way, has been an answer already.
    private bool IsWanted(ContainerStorageItem item) => Force || MyInvocation.BoundParameters.ContainsKey("Confirm")
        || ShouldContinue($"Remove {item}? Nothing in the store needs it.", "Clear-ContainerStorage", ref _yesToAll, ref _noToAll);

    private void Remove(ContainerStorageItem item)
    {
        Warn(Services.ReclaimStorage.Execute(item, StopToken));
        if (PassThru)
        {
            WriteObject(item);
        }
    }
}

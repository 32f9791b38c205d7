using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Networks;

/// <summary>Brings back what a flushed firewall or somebody's hand took from networks, and removes what belongs to nobody.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetworkProblem))]
public sealed class RepairContainerNetworkCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord() =>
        ForEachItem(Name, pattern => Services.RepairNetworks.Names().Where(pattern.IsMatch), name => ForItem(name, () => Repair(name)));

    // What is wrong is asked for first: it is what -WhatIf and -Confirm name.
    private void Repair(string name)
    {
        var problems = Services.RepairNetworks.Execute(name, check: true, StopToken);
        if (problems.Count > 0 && ShouldProcess(string.Join("; ", problems), "Repair-ContainerNetwork"))
        {
            WriteObject(Services.RepairNetworks.Execute(name, check: false, StopToken), enumerateCollection: true);
        }
    }
}

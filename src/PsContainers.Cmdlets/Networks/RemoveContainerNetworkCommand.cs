using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Networks;

/// <summary>Removes networks that no container uses.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerNetwork", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
public sealed class RemoveContainerNetworkCommand : ContainersCmdlet
{
    private const string ByName = "Name";
    private const string AllUnused = "Unused";

    [Parameter(
        ParameterSetName = ByName, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>All networks that no container, running or not, is to be on.</summary>
    [Parameter(ParameterSetName = AllUnused, Mandatory = true)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Containers that are on it leave it first, and it goes although its driver fails or is gone.</summary>
    [Parameter(ParameterSetName = ByName)]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (Unused)
        {
            ForItem(null, () => Array.ForEach([.. Services.RemoveNetwork.Unused()], Remove));
        }
        else
        {
            ForEachItem(Name, pattern => Services.GetNetworks.Execute().Select(network => network.Name).Where(pattern.IsMatch), Remove);
        }
    }

    private void Remove(string name)
    {
        if (ShouldProcess(name, "Remove-ContainerNetwork"))
        {
            ForItem(name, () => Warn(Services.RemoveNetwork.Execute(name, Force, StopToken)));
        }
    }
}

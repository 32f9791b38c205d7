using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Lists the ports of the host that lead to containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerPort")]
[OutputType(typeof(PortMapping))]
public sealed class GetContainerPortCommand : NamedContainersCmdlet
{
    private protected override void Process(string name) =>
        ForItem(name, () => WriteObject(Services.GetContainer.Execute(name).Port, enumerateCollection: true));
}

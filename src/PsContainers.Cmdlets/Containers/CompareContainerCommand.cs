using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Lists the files that containers have added, modified or deleted.</summary>
[Cmdlet(VerbsData.Compare, "Container")]
[OutputType(typeof(ContainerChange))]
public sealed class CompareContainerCommand : NamedContainersCmdlet
{
    private protected override void Process(string name) =>
        ForItem(name, () => WriteObject(Services.CompareContainer.Execute(name, StopToken), enumerateCollection: true));
}

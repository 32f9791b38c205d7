using System.Management.Automation;

namespace PsContainers.Cmdlets.Storage;

/// <summary>Adds up what the store holds and how much of it nothing needs.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ContainerStorage")]
[OutputType(typeof(ContainerStorageUsage))]
public sealed class MeasureContainerStorageCommand : ContainersCmdlet
{
    protected override void EndProcessing() =>
        ForItem(null, () => WriteObject(Services.MeasureStorage.Execute(), enumerateCollection: true));
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Networks;

/// <summary>Lists networks, with the containers that are on them.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerNetwork")]
[OutputType(typeof(ContainerNetwork))]
public sealed class GetContainerNetworkCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [ArgumentCompleter(typeof(NetworkDriverCompleter))]
    [SupportsWildcards]
    public string Driver { get; set; } = "*";

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForItem(name, () => Write(name));
        }
    }

    private void Write(string name)
    {
        var driver = PatternOf(Driver);
        var pattern = PatternOf(name);
        IEnumerable<ContainerNetwork> found = IsPattern(name)
            ? Services.GetNetworks.Execute().Where(network => pattern.IsMatch(network.Name))
            : [Services.GetNetworks.Execute(name)];
        WriteObject(found.Where(network => driver.IsMatch(network.Driver)), enumerateCollection: true);
    }
}

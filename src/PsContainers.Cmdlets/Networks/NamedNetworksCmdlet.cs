using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Networks;

/// <summary>What cmdlets share that do something with each network they are given.</summary>
public abstract class NamedNetworksCmdlet : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public virtual string[] Name { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(Name, NetworksLike, Process);

    private protected IEnumerable<string> NetworksLike(WildcardPattern pattern) =>
        Services.GetNetworks.Execute().Select(network => network.Name).Where(pattern.IsMatch);

    /// <param name="name">A network's name, id or beginning of an id; never a pattern.</param>
    private protected abstract void Process(string name);
}

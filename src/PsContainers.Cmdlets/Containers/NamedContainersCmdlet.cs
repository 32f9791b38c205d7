using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>What cmdlets share that do something with each container they are given.</summary>
public abstract class NamedContainersCmdlet : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord() => ForEachItem(Name, ContainersLike, Process);

    /// <param name="name">A container's name, id or beginning of an id; never a pattern.</param>
    private protected abstract void Process(string name);
}

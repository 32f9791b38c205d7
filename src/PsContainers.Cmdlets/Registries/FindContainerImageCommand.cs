using System.Management.Automation;
using PsContainers.Cmdlets.Images;
using PsContainers.Engine.Registries;

namespace PsContainers.Cmdlets.Registries;

/// <summary>Asks registries what images they have: the tags of a repository, or what matches some words.</summary>
[Cmdlet(VerbsCommon.Find, "ContainerImage", DefaultParameterSetName = ByRepository)]
[OutputType(typeof(FoundContainerImage))]
public sealed class FindContainerImageCommand : RegistryCmdlet
{
    private const string ByRepository = "Name";
    private const string ByWords = "Search";
    private const int DefaultLimit = 25;

    /// <summary>A repository, whose tags are listed.</summary>
    [Parameter(ParameterSetName = ByRepository, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Words to search a registry for.</summary>
    [Parameter(ParameterSetName = ByWords, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Search { get; set; } = "";

    /// <summary>The registry to search; Docker Hub unless told.</summary>
    [Parameter(ParameterSetName = ByWords)]
    [ValidateNotNullOrEmpty]
    public string? Registry { get; set; }

    /// <summary>How many results at most.</summary>
    [Parameter(ParameterSetName = ByWords)]
    [ValidateRange(1, 1000)]
    public int Limit { get; set; } = DefaultLimit;

    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByWords)
        {
            ForItem(Search, () => Write(FindImages.Search(Search, Registry, Limit, Access, StopToken)));
            return;
        }

        foreach (var name in Name)
        {
            ForItem(name, () => Write(FindImages.Tags(name, Access, StopToken)));
        }
    }

    private void Write(IReadOnlyList<FoundContainerImage> found) => WriteObject(found, enumerateCollection: true);
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Lists containers, running or not.</summary>
[Cmdlet(VerbsCommon.Get, "Container")]
[OutputType(typeof(Container))]
public sealed class GetContainerCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForItem(name, () => Write(name));
        }
    }

    private void Write(string name)
    {
        if (!IsPattern(name))
        {
            WriteObject(Services.GetContainer.Execute(name));
            return;
        }

        var pattern = PatternOf(name);
        WriteObject(Services.GetContainers.Execute().Where(container => pattern.IsMatch(container.Name)), enumerateCollection: true);
    }
}

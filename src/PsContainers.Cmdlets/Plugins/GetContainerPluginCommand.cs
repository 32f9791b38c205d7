using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Plugins;

/// <summary>Lists plugins, those that cannot be used as well.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerPlugin")]
[OutputType(typeof(ContainerPlugin))]
public sealed class GetContainerPluginCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(PluginNameCompleter))]
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
        var pattern = PatternOf(name);
        var found = Services.Plugins.List().Where(plugin => pattern.IsMatch(plugin.Name)).ToList();
        if (found.Count == 0 && !IsPattern(name))
        {
            throw new ContainerEngineException($"plugin '{name}' does not exist", "PluginNotFound", EngineErrorKind.NotFound, name);
        }

        WriteObject(found, enumerateCollection: true);
    }
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Plugins;

/// <summary>Takes back Register-ContainerPlugin; the plugin's folder stays.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "ContainerPlugin", SupportsShouldProcess = true)]
public sealed class UnregisterContainerPluginCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PluginNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name, "Unregister-ContainerPlugin"))
            {
                ForItem(name, () => Services.Plugins.Unregister(name));
            }
        }
    }
}

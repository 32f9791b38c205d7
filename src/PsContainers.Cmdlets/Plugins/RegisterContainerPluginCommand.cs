using System.Management.Automation;

namespace PsContainers.Cmdlets.Plugins;

/// <summary>Adds plugins that lie in no plugin folder.</summary>
[Cmdlet(VerbsLifecycle.Register, "ContainerPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerPlugin))]
public sealed class RegisterContainerPluginCommand : ContainersCmdlet
{
    /// <summary>The folder with the plugin's plugin.json.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var folder = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            if (ShouldProcess(folder, "Register-ContainerPlugin"))
            {
                ForItem(folder, () => WriteObject(Services.Plugins.Register(folder)));
            }
        }
    }
}

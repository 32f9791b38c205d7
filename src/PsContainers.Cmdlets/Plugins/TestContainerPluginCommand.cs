using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Plugins;

/// <summary>Tries plugins against the contract; one that does not keep to it is no error, its report says so.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerPlugin")]
[OutputType(typeof(ContainerPluginReport), typeof(ContainerPluginCheck), typeof(bool))]
public sealed class TestContainerPluginCommand : ContainersCmdlet
{
    /// <summary>Names, or folders with a plugin.json: those need not be registered.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PluginNameCompleter))]
    [Alias("PSPath", "FullName", "Path", "Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Plugin { get; set; } = [];

    /// <summary>Returns the checks in place of a report.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Returns whether all is well in place of a report.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var plugin in Plugin)
        {
            if (IsFolder(plugin))
            {
                Test(SessionState.Path.GetUnresolvedProviderPathFromPSPath(plugin));
            }
            else
            {
                ForEachItem([plugin], PluginsLike, Test);
            }
        }
    }

    private IEnumerable<string> PluginsLike(WildcardPattern pattern) =>
        Services.Plugins.List().Select(found => found.Name).Where(pattern.IsMatch).Distinct();

    private static bool IsFolder(string plugin) => plugin is "." or ".." || plugin.Contains('/', StringComparison.Ordinal);

    private void Test(string plugin) => ForItem(plugin, () =>
    {
        var report = Services.Plugins.Test(plugin);
        object result = Quiet ? report.IsConforming : Detailed ? report.Checks : report;
        WriteObject(result, enumerateCollection: true);
    });
}

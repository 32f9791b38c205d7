using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Images;
using PsContainers.Engine.Manifests;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>Shows the manifest lists of the store, or what a registry has under a name.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerManifest")]
[OutputType(typeof(ContainerManifest))]
public sealed class GetContainerManifestCommand : RegistryCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ManifestNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Asks the registry that the name says; nothing of it comes into the store.</summary>
    [Parameter]
    public SwitchParameter FromRegistry { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForItem(name, () => Write(name));
        }
    }

    private void Write(string name)
    {
        if (FromRegistry)
        {
            WriteObject(GetManifests.FromRegistry(name, Access, StopToken));
        }
        else if (IsPattern(name))
        {
            var pattern = PatternOf(name);
            WriteObject(Services.GetManifests.Execute().Where(list => pattern.IsMatch(list.Name)), enumerateCollection: true);
        }
        else
        {
            WriteObject(Services.GetManifests.Execute(name));
        }
    }
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Images;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>Makes a list of images that is published under one name, mostly one image for each platform.</summary>
[Cmdlet(VerbsCommon.New, "ContainerManifest", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class NewContainerManifestCommand : RegistryCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Of the store, or of a registry.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Image { get; set; } = [];

    /// <summary>Of the list itself.</summary>
    [Parameter]
    [KeyValues]
    public IDictionary<string, string>? Annotation { get; set; }

    /// <summary>Every image of a list of the store, or else of an index in a registry.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Replaces a list of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, "New-ContainerManifest"))
        {
            var addition = new ManifestAddition { Name = Name, Images = Image, All = All, Access = Access };
            ForItem(Name, () => WriteObject(
                Services.NewManifest.Execute(addition, Annotation.ToAnnotations(), Force, StopToken)));
        }
    }
}

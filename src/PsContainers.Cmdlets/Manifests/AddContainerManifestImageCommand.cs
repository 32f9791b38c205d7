using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Images;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>Puts images of the store, or of a registry, on a manifest list.</summary>
[Cmdlet(VerbsCommon.Add, "ContainerManifestImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class AddContainerManifestImageCommand : ManifestEntryCmdlet
{
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string[] Image { get; set; } = [];

    /// <summary>Every image of a list of the store, or else of an index in a registry.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc cref="RegistryCmdlet.Credential"/>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc cref="RegistryCmdlet.AllowInsecure"/>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var image in Image)
        {
            if (ShouldProcess($"{image} to {Name}", "Add-ContainerManifestImage"))
            {
                ForItem(image, () => Write(Services.AddManifestImages.Execute(Addition(image), StopToken)));
            }
        }
    }

    private ManifestAddition Addition(string image) => new()
    {
        Name = Name,
        Images = [image],
        All = All,
        Change = Change,
        Access = RegistryCmdlet.AccessOf(Credential, AllowInsecure),
    };
}

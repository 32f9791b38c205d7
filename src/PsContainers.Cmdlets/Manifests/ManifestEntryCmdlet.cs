using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>What cmdlets share that say something of an image on a list.</summary>
public abstract class ManifestEntryCmdlet : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ManifestNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>For which machines the image is, where that is not what its configuration says: linux/arm64, linux/arm/v7.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Platform { get; set; }

    /// <summary>The least version of the operating system.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OsVersion { get; set; }

    /// <summary>What the operating system has to have.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[]? OsFeature { get; set; }

    /// <summary>An annotation without a value goes.</summary>
    [Parameter]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Annotation { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected ManifestEntryChange Change => new()
    {
        Platform = Platform,
        OsVersion = OsVersion,
        OsFeatures = OsFeature,
        Annotations = Annotation.ToAnnotations(),
    };

    private protected void Write(ContainerManifest list)
    {
        if (PassThru)
        {
            WriteObject(list);
        }
    }
}

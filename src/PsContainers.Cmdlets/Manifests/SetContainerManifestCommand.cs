using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Manifests;

/// <summary>Changes what a manifest list says of one of its images; without an image, the list's own annotations.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerManifest", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class SetContainerManifestCommand : ManifestEntryCmdlet
{
    /// <summary>On the list: a name, a digest, an id.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ManifestImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    protected override void BeginProcessing()
    {
        if (Image is null && (Platform ?? OsVersion ?? (object?)OsFeature) is not null)
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException("-Platform, -OsVersion and -OsFeature are said of an image: give -Image"),
                "InvalidArgument",
                ErrorCategory.InvalidArgument,
                Name));
        }
    }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Image is null ? Name : $"{Image} on {Name}", "Set-ContainerManifest"))
        {
            ForItem(Name, () => Write(Changed()));
        }
    }

    private ContainerManifest Changed() => Image is null
        ? Services.ChangeManifest.Execute(Name, Annotation.ToAnnotations() ?? new Dictionary<string, string?>())
        : Services.ChangeManifest.Execute(Name, Image, Change);
}

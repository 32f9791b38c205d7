using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Lists the images of the local store.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImage")]
[OutputType(typeof(ContainerImage))]
public sealed class GetContainerImageCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
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
            WriteObject(Services.GetImage.Execute(name));
            return;
        }

        var pattern = PatternOf(name);
        WriteObject(Services.GetImages.Execute().Where(image => IsMatch(pattern, image)), enumerateCollection: true);
    }

    // busy* means busybox:latest, and an image without any name can still be listed.
    private static bool IsMatch(WildcardPattern pattern, ContainerImage image) =>
        image.Names.Count == 0 ? pattern.IsMatch(image.ShortId) : image.Names.Any(pattern.IsMatch);
}

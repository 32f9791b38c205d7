using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Brings an image of the local store, or a list of images, to a registry.</summary>
[Cmdlet(VerbsData.Publish, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(PublishedContainerImage))]
public sealed class PublishContainerImageCommand : RegistryCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The name in the registry, where it is another one.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>For layers that are not compressed in the store; others go as they are.</summary>
    [Parameter]
    public LayerCompressionMethod Compression { get; set; }

    /// <summary>The list of that name is meant, where an image has it as well.</summary>
    [Parameter]
    public SwitchParameter ManifestList { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(Shown(name, Services.WeighStorage.Image), $"Publish-ContainerImage {Destination}".TrimEnd()))
            {
                ForItem(name, () => WriteObject(Publish(name)));
            }
        }
    }

    private PublishedContainerImage Publish(string name)
    {
        var publication = new ImagePublication { Image = name, Destination = Destination, Compression = Compression, Access = Access };
        var services = Services;
        return new TransferDisplay(this, $"Publishing {Destination ?? name}")
            .Run(progress => ManifestList || services.GetManifests.IsList(name)
                ? services.PublishManifest.Execute(publication, progress, StopToken)
                : services.PublishImage.Execute(publication, progress, StopToken));
    }
}

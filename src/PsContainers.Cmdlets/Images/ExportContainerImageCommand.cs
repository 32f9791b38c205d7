using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Writes images, all of them to one file or folder.</summary>
[Cmdlet(VerbsData.Export, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(FileSystemInfo))]
public sealed class ExportContainerImageCommand : ContainersCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly List<string> _images = [];

    [Parameter(ParameterSetName = ByName, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [Alias("Image", "Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>An image from the pipeline, which goes under all of its names.</summary>
    [Parameter(ParameterSetName = ByObject, Mandatory = true, ValueFromPipeline = true)]
    public ContainerImage? InputObject { get; set; }

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter]
    public ContainerImageFormat Format { get; set; } = ContainerImageFormat.DockerArchive;

    /// <summary>Takes the place of a file or layout that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _images.Add(InputObject.Id);
        }
        else
        {
            ForEachItem(Name, ImagesLike, _images.Add);
        }
    }

    protected override void EndProcessing()
    {
        if (_images.Count > 0
            && ShouldProcess(
                string.Join(", ", _images.Select(image => Shown(image, Services.WeighStorage.Image))), $"Export-ContainerImage {Path}"))
        {
            ForItem(Path, () => Export(GetUnresolvedProviderPathFromPSPath(Path)));
        }
    }

    private void Export(string path)
    {
        var export = new ImageExport { Images = _images, Path = path, Format = Format, Overwrite = Force };
        Services.ExportImage.Execute(export, StopToken);
        if (PassThru)
        {
            WriteObject(Format == ContainerImageFormat.OciLayout ? new DirectoryInfo(path) : new FileInfo(path));
        }
    }
}

using System.Management.Automation;

namespace PsContainers.Cmdlets.Images;

/// <summary>Brings images into the local store: from archives, layout folders or root file systems.</summary>
[Cmdlet(VerbsData.Import, "ContainerImage", SupportsShouldProcess = true, DefaultParameterSetName = FromArchive)]
[OutputType(typeof(ContainerImage))]
public sealed class ImportContainerImageCommand : ContainersCmdlet
{
    private const string FromArchive = "Path";
    private const string FromRootFileSystem = "RootFileSystem";

    /// <summary>A docker-archive, an OCI archive or an OCI layout folder.</summary>
    [Parameter(
        ParameterSetName = FromArchive, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>A folder or a tar file that becomes the one layer of a new image.</summary>
    [Parameter(ParameterSetName = FromRootFileSystem, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string RootFileSystem { get; set; } = "";

    [Parameter(ParameterSetName = FromArchive)]
    [Parameter(ParameterSetName = FromRootFileSystem, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    protected override void ProcessRecord()
    {
        var isRootFileSystem = ParameterSetName == FromRootFileSystem;
        foreach (var given in isRootFileSystem ? [RootFileSystem] : Path)
        {
            if (ShouldProcess(given, "Import-ContainerImage"))
            {
                ForItem(given, () => Import(GetUnresolvedProviderPathFromPSPath(given), isRootFileSystem));
            }
        }
    }

    private void Import(string path, bool isRootFileSystem)
    {
        var import = new ImageImport { Path = path, RootFileSystem = isRootFileSystem, Name = Name };
        WriteObject(Services.ImportImage.Execute(import, StopToken), enumerateCollection: true);
    }
}

using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>The paths that exist and match, in full.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path")]
[OutputType(typeof(PathInfo))]
public sealed class ResolvePathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            try
            {
                WriteObject(SessionState.Path.GetResolvedPSPathFromPSPath(path), enumerateCollection: true);
            }
            catch (ItemNotFoundException e)
            {
                WriteError(new ErrorRecord(e.ErrorRecord, e));
            }
        }
    }
}

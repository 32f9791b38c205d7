using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>Whether something lies at a path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path")]
public sealed class TestPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            WriteObject(path.Length > 0 && InvokeProvider.Item.Exists(path));
        }
    }
}

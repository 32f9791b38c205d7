using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>What lies at paths.</summary>
[Cmdlet(VerbsCommon.Get, "Item")]
public sealed class GetItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() =>
        WriteObject(InvokeProvider.Item.Get(Path, Force, literalPath: false), enumerateCollection: true);
}

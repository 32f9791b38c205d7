using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>Removes files and folders.</summary>
[Cmdlet(VerbsCommon.Remove, "Item")]
public sealed class RemoveItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => InvokeProvider.Item.Remove(Path, Recurse, Force, literalPath: false);
}

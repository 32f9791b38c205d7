using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>What lies in folders.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem")]
public sealed class GetChildItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [""];

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() =>
        WriteObject(InvokeProvider.ChildItem.Get(Path, Recurse, uint.MaxValue, Force, literalPath: false), enumerateCollection: true);
}

using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>Writes a file anew.</summary>
[Cmdlet(VerbsCommon.Set, "Content")]
public sealed class SetContentCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] Value { get; set; } = [];

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    protected override void ProcessRecord() => _lines.AddRange(Value);

    protected override void EndProcessing()
    {
        var end = NoNewline ? "" : "\n";
        File.WriteAllText(GetUnresolvedProviderPathFromPSPath(Path), string.Concat(_lines.Select(line => line + end)));
    }
}

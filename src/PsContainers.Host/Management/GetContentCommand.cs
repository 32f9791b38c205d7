using System.Management.Automation;

namespace PsContainers.Host.Management;

/// <summary>The lines of files.</summary>
[Cmdlet(VerbsCommon.Get, "Content")]
public sealed class GetContentCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    /// <summary>One string with everything, line ends and all.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path.SelectMany(path => SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)))
        {
            if (Raw)
            {
                WriteObject(File.ReadAllText(path));
            }
            else
            {
                WriteObject(File.ReadLines(path), enumerateCollection: true);
            }
        }
    }
}

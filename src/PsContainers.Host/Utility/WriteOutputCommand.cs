using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Writes its arguments to the pipeline.</summary>
[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutputCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[]? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is [var single])
        {
            WriteObject(single, !NoEnumerate);
        }
        else
        {
            WriteObject(InputObject, !NoEnumerate);
        }
    }
}

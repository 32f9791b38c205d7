using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Asks the user for a line.</summary>
[Cmdlet(VerbsCommunications.Read, "Host")]
[OutputType(typeof(string), typeof(System.Security.SecureString))]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object[]? Prompt { get; set; }

    /// <summary>What is typed is not shown, and kept out of plain memory.</summary>
    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    protected override void BeginProcessing()
    {
        if (Prompt is { Length: > 0 })
        {
            Host.UI.Write(string.Join(' ', Prompt.Select(LanguagePrimitives.ConvertTo<string>)) + ": ");
        }

        WriteObject(AsSecureString ? Host.UI.ReadLineAsSecureString() : Host.UI.ReadLine());
    }
}

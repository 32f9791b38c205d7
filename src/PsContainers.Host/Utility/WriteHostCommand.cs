using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Writes to the terminal past the pipeline, as information that 6> can catch.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    private static readonly string[] _tags = ["PSHOST"];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord() => WriteInformation(
        new HostInformationMessage
        {
            Message = TextOf(Object),
            NoNewLine = NoNewline,
            ForegroundColor = ForegroundColor,
            BackgroundColor = BackgroundColor,
        },
        _tags);

    private string TextOf(object? value) => LanguagePrimitives.GetEnumerable(value) is { } items
        ? string.Join(LanguagePrimitives.ConvertTo<string>(Separator), items.Cast<object?>().Select(TextOf))
        : LanguagePrimitives.ConvertTo<string>(value) ?? "";
}

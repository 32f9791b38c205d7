using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using PsContainers.Host.Internals;

namespace PsContainers.Host.Utility;

/// <summary>Formats objects as the terminal would show them, into strings.</summary>
[Cmdlet(VerbsData.Out, "String")]
[OutputType(typeof(string))]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringWriter _text = new() { NewLine = "\n" };

    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Columns of a line; those of the screen when not given.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int? Width { get; set; }

    protected override void BeginProcessing()
    {
        EngineInternals.Output(this, _text, Width ?? Host.UI.RawUI.BufferSize.Width);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        var text = _text.ToString();
        if (Stream)
        {
            WriteObject(text.TrimEnd('\n').Split('\n'), enumerateCollection: true);
        }
        else
        {
            WriteObject(text);
        }
    }

    protected override void InternalDispose()
    {
        base.InternalDispose();
        _text.Dispose();
    }
}

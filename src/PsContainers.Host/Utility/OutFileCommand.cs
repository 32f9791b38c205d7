using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using PsContainers.Host.Internals;

namespace PsContainers.Host.Utility;

/// <summary>Formats objects as the terminal would show them, into a file; what <c>&gt;</c> and <c>&gt;&gt;</c> do.</summary>
[Cmdlet(VerbsData.Out, "File")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _file;

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Path", "LiteralPath")]
    public string FilePath { get; set; } = "";

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Columns of a line; those of the screen when not given.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int? Width { get; set; }

    protected override void BeginProcessing()
    {
        _file = Open(GetUnresolvedProviderPathFromPSPath(FilePath));
        EngineInternals.Output(this, _file, Width ?? Host.UI.RawUI.BufferSize.Width);
        base.BeginProcessing();
    }

    protected override void InternalDispose()
    {
        base.InternalDispose();
        _file?.Dispose();
    }

    private StreamWriter Open(string path)
    {
        var mode = Append ? FileMode.Append : NoClobber ? FileMode.CreateNew : FileMode.Create;
        try
        {
            return new StreamWriter(File.Open(path, mode)) { NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(new ErrorRecord(e, "FileOpenFailure", ErrorCategory.OpenError, path));
            throw;
        }
    }
}

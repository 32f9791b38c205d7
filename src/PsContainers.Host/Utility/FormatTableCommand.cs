using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using PsContainers.Host.Internals;

namespace PsContainers.Host.Utility;

/// <summary>Formats objects as a table.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.Shape(this, "Table");
}

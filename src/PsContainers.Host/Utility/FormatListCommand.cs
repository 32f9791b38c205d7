using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using PsContainers.Host.Internals;

namespace PsContainers.Host.Utility;

/// <summary>Formats objects as a list.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.Shape(this, "List");
}

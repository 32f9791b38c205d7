using PsContainers.Runtime.Capabilities;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of capabilities. capabilities(7)</summary>
public sealed class CapabilityCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        CapabilitySet.All.Select(name => name["CAP_".Length..]).Prepend("ALL").Select(name => (name, ToolTipOf(name)));

    private static string ToolTipOf(string name) => name == "ALL" ? "every capability" : $"CAP_{name}, see capabilities(7)";
}

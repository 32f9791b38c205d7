using PsContainers.Runtime.Launch;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes limits of processes. getrlimit(2)</summary>
public sealed class UlimitCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        ResourceLimit.ShortNames.Select(name => ($"{name}=", $"{ResourceLimit.LongName(name)}, SOFT[:HARD]"));
}

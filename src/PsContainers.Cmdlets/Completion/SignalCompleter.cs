using PsContainers.Engine.Containers;

namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes names of signals. signal(7)</summary>
public sealed class SignalCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        SignalName.All.Select((name, index) => ($"SIG{name}", $"signal {index + 1}"))
            .Concat(SignalName.All.Select((name, index) => (name, $"signal {index + 1}")));
}

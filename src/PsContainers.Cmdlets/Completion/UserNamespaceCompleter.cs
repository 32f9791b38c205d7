namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes where users come from.</summary>
public sealed class UserNamespaceCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
    [
        ("Host", "the host's users: root inside is root"),
        ("Private", "65536 ids of its own: root inside is nobody on the host"),
    ];
}

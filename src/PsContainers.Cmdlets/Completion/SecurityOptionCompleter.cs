namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes security options.</summary>
public sealed class SecurityOptionCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
    [
        ("no-new-privileges", "no process gains privileges by execve(2); the engine's default"),
        ("no-new-privileges=false", "programs with setuid bits and file capabilities work"),
        ("seccomp=unconfined", "every system call may be made"),
        ("seccomp=", "the file of a profile"),
        ("systempaths=unconfined", "nothing of /proc and /sys is masked or read-only"),
        ("apparmor=unconfined", "no AppArmor profile"),
        ("label=disable", "no SELinux label"),
    ];
}

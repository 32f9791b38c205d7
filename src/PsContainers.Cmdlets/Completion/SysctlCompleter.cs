namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes kernel parameters that each container has for itself.</summary>
public sealed class SysctlCompleter : NameCompleter
{
    private static readonly string[] _names =
    [
        "kernel.msgmax=", "kernel.msgmnb=", "kernel.msgmni=", "kernel.sem=", "kernel.shmall=", "kernel.shmmax=", "kernel.shmmni=",
        "kernel.shm_rmid_forced=", "net.core.somaxconn=", "net.ipv4.ip_forward=", "net.ipv4.ip_local_port_range=",
        "net.ipv4.ip_unprivileged_port_start=", "net.ipv4.ping_group_range=", "net.ipv4.tcp_syncookies=",
        "net.ipv6.conf.all.disable_ipv6=", "net.ipv6.conf.all.forwarding=",
    ];

    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        _names.Select(name => (name, "kernel parameter of the container's own"));
}

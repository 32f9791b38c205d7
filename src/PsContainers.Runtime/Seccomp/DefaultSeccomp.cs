using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Runtime.Seccomp;

/// <summary>The profile of a container for which no other is asked: an allow-list that behaves as Docker's does.</summary>
// A call that the list names but does not allow answers EPERM. One that it doesn't know answers ENOSYS, as an older kernel would:
// the C library then falls back to an older call, where it would give up at EPERM.
public static class DefaultSeccomp
{
    private const uint Eperm = 1;
    private const uint Enosys = 38;

    private const ulong AlgFamily = 38; // AF_ALG: the kernel's crypto API, CVE-2026-31431
    private const ulong VsockFamily = 40; // AF_VSOCK: reaches the hypervisor whatever the network namespace

    private static readonly string[] _allowed = DefaultSeccompNames.Allowed.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    private static readonly string[] _blocked = DefaultSeccompNames.Blocked.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    // Calls that ask for a capability themselves anyway. Whoever has it may make them; for others they are only a way to attack.
    private static readonly (string Capability, string[] Names)[] _byCapability =
    [
        ("CAP_BPF", ["bpf"]),
        ("CAP_DAC_READ_SEARCH", ["open_by_handle_at"]),
        ("CAP_PERFMON", ["perf_event_open"]),
        ("CAP_SYS_ADMIN",
        [
            "bpf", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "lookup_dcookie", "lsm_get_self_attr", "lsm_list_modules",
            "lsm_set_self_attr", "mount", "mount_setattr", "move_mount", "open_tree", "perf_event_open", "quotactl", "quotactl_fd",
            "setdomainname", "sethostname", "setns", "syslog", "umount", "umount2", "unshare",
        ]),
        ("CAP_SYS_BOOT", ["reboot"]),
        ("CAP_SYS_CHROOT", ["chroot"]),
        ("CAP_SYS_MODULE", ["delete_module", "finit_module", "init_module"]),
        ("CAP_SYS_NICE", ["get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node"]),
        ("CAP_SYS_PACCT", ["acct"]),
        ("CAP_SYS_PTRACE", ["kcmp", "pidfd_getfd", "process_madvise"]),
        ("CAP_SYS_RAWIO", ["ioperm", "iopl"]),
        ("CAP_SYS_TIME", ["clock_settime", "clock_settime64", "settimeofday", "stime"]),
        ("CAP_SYS_TTY_CONFIG", ["vhangup"]),
        ("CAP_SYSLOG", ["syslog"]),
    ];

    // CLONE_NEW* of linux/sched.h; CLONE_NEWTIME is no flag of clone, whose lowest byte is the exit signal.
    private static readonly ulong[] _namespaceFlags = [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000];

    // PER_LINUX, PER_LINUX32, both with UNAME26, and the question which is set. Not ADDR_NO_RANDOMIZE and its like.
    private static readonly ulong[] _personalities = [0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF];

    /// <summary>The profile for a process with these capabilities (see <see cref="CapabilitySet"/>), on this machine.</summary>
    public static LinuxSeccomp Profile(ulong capabilities) => Profile(capabilities, SeccompArchitecture.Native);

    public static LinuxSeccomp Profile(ulong capabilities, SeccompArchitecture native) => new()
    {
        DefaultAction = SeccompAction.Errno,
        DefaultErrnoRet = Enosys,
        Architectures = [native.Name, .. native.Compatible.Select(a => a.Name)],
        Syscalls = [.. Rules(capabilities, native)],
    };

    private static IEnumerable<LinuxSyscall> Rules(ulong capabilities, SeccompArchitecture native)
    {
        yield return Allow(_allowed);
        yield return Allow(native == SeccompArchitecture.Arm64 ? ["sync_file_range2"] : ["arch_prctl", "modify_ldt"]);
        yield return Refuse(_blocked);

        var permitted = _byCapability
            .Where(group => CapabilitySet.Contains(capabilities, group.Capability))
            .SelectMany(group => group.Names);
        yield return Allow([.. permitted.Distinct()]);
        yield return Refuse([.. _byCapability.SelectMany(group => group.Names).Except(permitted)]);

        foreach (var rule in Clone(CapabilitySet.Contains(capabilities, "CAP_SYS_ADMIN")).Concat(Socket()).Concat(Personality()))
        {
            yield return rule;
        }
    }

    private static IEnumerable<LinuxSyscall> Clone(bool administrator)
    {
        if (administrator)
        {
            yield return Allow(["clone", "clone3"]);
            yield break;
        }

        foreach (var flag in _namespaceFlags)
        {
            yield return Refuse(["clone"], new LinuxSeccompArg(0, flag, SeccompOperator.MaskedEqual, flag));
        }

        yield return Allow(["clone"], Otherwise);

        // clone3's flags lie in memory, where a filter can't look; the C library falls back to clone.
        yield return Refuse(["clone3"]) with { ErrnoRet = Enosys };
    }

    // The kernel takes the family as a 32-bit int, so a comparison of all 64 bits could be passed by setting a higher one.
    // 32-bit programs have socketcall besides, whose arguments lie in memory: Docker leaves that hole to AppArmor and SELinux.
    private static IEnumerable<LinuxSyscall> Socket() =>
    [
        Refuse(["socket"], new LinuxSeccompArg(0, uint.MaxValue, SeccompOperator.MaskedEqual, AlgFamily)),
        Refuse(["socket"], new LinuxSeccompArg(0, uint.MaxValue, SeccompOperator.MaskedEqual, VsockFamily)),
        Allow(["socket"], Otherwise),
    ];

    private static IEnumerable<LinuxSyscall> Personality() =>
    [
        .. _personalities.Select(persona => Allow(["personality"], new LinuxSeccompArg(0, persona, SeccompOperator.EqualTo))),
        Refuse(["personality"], Otherwise),
    ];

    // True of every number: rules with conditions are tried in turn, so this one catches what the others left.
    private static LinuxSeccompArg Otherwise => new(0, 0, SeccompOperator.GreaterEqual);

    private static LinuxSyscall Allow(IReadOnlyList<string> names, params LinuxSeccompArg[] conditions) =>
        new() { Names = names, Action = SeccompAction.Allow, Args = conditions is [] ? null : conditions };

    private static LinuxSyscall Refuse(IReadOnlyList<string> names, params LinuxSeccompArg[] conditions) =>
        new() { Names = names, Action = SeccompAction.Errno, ErrnoRet = Eperm, Args = conditions is [] ? null : conditions };
}

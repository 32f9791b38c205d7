using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Seccomp;

/// <summary>The flags that a profile is loaded with, and what it must not ask of its listener. seccomp(2)</summary>
internal static class SeccompFlags
{
    private const uint NewListener = 0x08; // SECCOMP_FILTER_FLAG_NEW_LISTENER
    private const uint ThreadSync = 0x01; // SECCOMP_FILTER_FLAG_TSYNC
    private const uint WaitKillable = 0x20; // SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV

    private static readonly Dictionary<string, uint> _known = new()
    {
        ["SECCOMP_FILTER_FLAG_TSYNC"] = ThreadSync,
        ["SECCOMP_FILTER_FLAG_LOG"] = 0x02,
        ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"] = 0x04,
        ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] = WaitKillable,
    };

    /// <summary>The flags by their names, with their bits.</summary>
    internal static IReadOnlyDictionary<string, uint> Known => _known;

    /// <summary>Whether some call is answered by a process that listens at linux.seccomp.listenerPath.</summary>
    internal static bool HasListener(LinuxSeccomp profile) =>
        profile.DefaultAction == SeccompAction.Notify || profile.Syscalls?.Any(rule => rule.Action == SeccompAction.Notify) is true;

    /// <exception cref="InvalidSettingException">An unknown flag, or a listener that could not work.</exception>
    internal static uint Of(LinuxSeccomp profile)
    {
        // One thread loads the filter, so there is none to synchronize; and together with a listener the kernel refuses the flag.
        var flags = SettingNames.Bits(_known, profile.Flags, "linux.seccomp.flags") & ~ThreadSync;
        if (profile.ListenerMetadata is { Length: > 0 } && profile.ListenerPath is not { Length: > 0 })
        {
            throw new InvalidSettingException("linux.seccomp.listenerMetadata", "there is no listenerPath to send it to");
        }

        if (!HasListener(profile))
        {
            // It is about the listener's answers, and without one the kernel refuses it.
            return flags & ~WaitKillable;
        }

        CheckListener(profile);
        return flags | NewListener;
    }

    private static void CheckListener(LinuxSeccomp profile)
    {
        // The launcher reports to its supervisor by write(2) when the filter is loaded already, and nobody listens yet.
        if (profile.DefaultAction == SeccompAction.Notify)
        {
            throw new InvalidSettingException("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY cannot be the default action");
        }

        foreach (var (index, rule) in (profile.Syscalls ?? []).Index())
        {
            if (rule.Action == SeccompAction.Notify && rule.Names.Contains("write"))
            {
                throw new InvalidSettingException($"linux.seccomp.syscalls[{index}].action", "SCMP_ACT_NOTIFY cannot be used for write");
            }
        }

        if (profile.ListenerPath is not { Length: > 0 } path)
        {
            throw new InvalidSettingException("linux.seccomp.listenerPath", "missing, and SCMP_ACT_NOTIFY needs it");
        }

        if (!path.StartsWith('/'))
        {
            throw new InvalidSettingException("linux.seccomp.listenerPath", $"'{path}' is not an absolute path");
        }
    }
}

using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>
/// Members of the specification that this launcher does not carry out yet: refused by name, since ignoring one would run something else.
/// </summary>
internal static class RefusedSettings
{
    internal static void Check(RuntimeSpec spec)
    {
        Refuse(spec.Process?.ApparmorProfile is { Length: > 0 }, "process.apparmorProfile");
        Refuse(spec.Process?.SelinuxLabel is { Length: > 0 }, "process.selinuxLabel");
        Refuse(spec.Process?.Scheduler is not null, "process.scheduler");
        Refuse(spec.Process?.IoPriority is not null, "process.ioPriority");
        Refuse(spec.Process?.OomScoreAdj is not null and not 0, "process.oomScoreAdj");
        Refuse(spec.Domainname is { Length: > 0 }, "domainname");
        Refuse(spec.Linux?.Sysctl is { Count: > 0 }, "linux.sysctl");
        Refuse(spec.Linux?.NetDevices is { Count: > 0 }, "linux.netDevices");
        Refuse(spec.Linux?.IntelRdt is not null, "linux.intelRdt");
        Refuse(spec.Linux?.MemoryPolicy is not null, "linux.memoryPolicy");
        Refuse(spec.Linux?.Personality is not null, "linux.personality");
        Refuse(spec.Linux?.MountLabel is { Length: > 0 }, "linux.mountLabel");
    }

    private static void Refuse(bool present, string setting)
    {
        if (present)
        {
            throw new InvalidSettingException(setting, "not supported by this version");
        }
    }
}

using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Launch;

/// <summary>
/// Members of the specification that this launcher does not carry out yet: refused by name, since ignoring one would run something else.
/// </summary>
internal static class RefusedSettings
{
    internal static void Check(RuntimeSpec spec)
    {
        Refuse(spec.Linux?.NetDevices is { Count: > 0 }, "linux.netDevices");
        Refuse(spec.Linux?.Seccomp is { } seccomp && SeccompFlags.HasListener(seccomp), "linux.seccomp.listenerPath");
    }

    private static void Refuse(bool present, string setting)
    {
        if (present)
        {
            throw new InvalidSettingException(setting, "not supported by this version");
        }
    }
}

using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Launch;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Features;

/// <summary>Fills in the document from the tables that the launch itself uses.</summary>
public static class RuntimeFeatures
{
    private static readonly string[] _hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    /// <param name="kernelTakesFlag">Whether seccomp(2) knows the bit of a filter flag.</param>
    public static FeaturesDocument Create(Func<uint, bool> kernelTakesFlag) => new()
    {
        OciVersionMin = "1.0.0",
        OciVersionMax = RuntimeSpec.Version,
        Hooks = _hooks,
        MountOptions = MountOptionTable.Names,
        Linux = new LinuxFeatures
        {
            Namespaces = Enum.GetValues<LinuxNamespaceType>(),
            Capabilities = CapabilitySet.Names(CapabilitySet.Supported),
            Cgroup = new CgroupFeatures(V1: true, V2: true, Systemd: false, SystemdUser: false, Rdma: true),
            Seccomp = new SeccompFeatures
            {
                Enabled = true,
                Actions = Enum.GetValues<SeccompAction>(),
                Operators = Enum.GetValues<SeccompOperator>(),
                Archs = [.. SeccompArchitecture.KnownNames.Order(StringComparer.Ordinal)],
                KnownFlags = [.. SeccompFlags.Known.Keys],
                SupportedFlags = [.. SeccompFlags.Known.Where(flag => kernelTakesFlag(flag.Value)).Select(flag => flag.Key)],
            },
            Apparmor = new Ability(true),
            Selinux = new Ability(true),
            IntelRdt = new Ability(true),
            MountExtensions = new MountExtensions(Idmap: new Ability(true)),
            NetDevices = new Ability(true),
        },
    };
}

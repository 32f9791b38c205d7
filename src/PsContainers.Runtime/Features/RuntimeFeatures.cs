using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Features;

/// <summary>Fills in the document from the tables that the launch itself uses.</summary>
public static class RuntimeFeatures
{
    private static readonly string[] _hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    // The words of MountOptions; any other belongs to the file system.
    private static readonly string[] _mountOptions =
    [
        "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "lazytime", "loud", "noatime", "nodev", "nodiratime",
        "noexec", "nolazytime", "norelatime", "nostrictatime", "nosuid", "nosymfollow", "private", "rbind", "relatime", "remount", "ro",
        "rprivate", "rshared", "rslave", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync",
        "unbindable",
    ];

    /// <param name="kernelTakesFlag">Whether seccomp(2) knows the bit of a filter flag.</param>
    public static FeaturesDocument Create(Func<uint, bool> kernelTakesFlag) => new()
    {
        OciVersionMin = "1.0.0",
        OciVersionMax = RuntimeSpec.Version,
        Hooks = _hooks,
        MountOptions = _mountOptions,
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
            MountExtensions = new MountExtensions(Idmap: new Ability(false)),
            NetDevices = new Ability(false),
        },
    };
}

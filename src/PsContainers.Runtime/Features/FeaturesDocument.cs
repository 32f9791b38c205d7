using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Features;

/// <summary>What a runtime can do, for engines that ask before they use it.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features.md</remarks>
public sealed record FeaturesDocument
{
    public required string OciVersionMin { get; init; }

    public required string OciVersionMax { get; init; }

    public required IReadOnlyList<string> Hooks { get; init; }

    public required IReadOnlyList<string> MountOptions { get; init; }

    public required LinuxFeatures Linux { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>The Linux part.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features-linux.md</remarks>
public sealed record LinuxFeatures
{
    public required IReadOnlyList<LinuxNamespaceType> Namespaces { get; init; }

    public required IReadOnlyList<string> Capabilities { get; init; }

    public required CgroupFeatures Cgroup { get; init; }

    public required SeccompFeatures Seccomp { get; init; }

    public required Ability Apparmor { get; init; }

    public required Ability Selinux { get; init; }

    public required Ability IntelRdt { get; init; }

    public required MountExtensions MountExtensions { get; init; }

    public required Ability NetDevices { get; init; }
}

/// <summary>Whether the runtime carries out a part of the configuration, wherever the kernel has it.</summary>
public sealed record Ability(bool Enabled);

/// <summary>The cgroup versions and managers.</summary>
public sealed record CgroupFeatures(bool V1, bool V2, bool Systemd, bool SystemdUser, bool Rdma);

/// <summary>The words of a seccomp profile that are understood; known flags are those that this program has a name for.</summary>
public sealed record SeccompFeatures
{
    public required bool Enabled { get; init; }

    public required IReadOnlyList<SeccompAction> Actions { get; init; }

    public required IReadOnlyList<SeccompOperator> Operators { get; init; }

    public required IReadOnlyList<string> Archs { get; init; }

    public required IReadOnlyList<string> KnownFlags { get; init; }

    /// <summary>The known flags that the running kernel takes.</summary>
    public required IReadOnlyList<string> SupportedFlags { get; init; }
}

/// <summary>What mounts can do beyond mount(2).</summary>
public sealed record MountExtensions(Ability Idmap);

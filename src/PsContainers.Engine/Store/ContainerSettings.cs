using System.Text.Json.Serialization;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Networks;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Store;

/// <summary>What was decided when a container was made: the creation's request over the image's defaults.</summary>
/// <remarks>Kept as JSON in the container's row; a member added later needs a default, so that older rows can be read.</remarks>
internal sealed record ContainerSettings
{
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary><c>NAME=value</c>, in the order the process gets them.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    public required string User { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>Null: derived from the id, or the host's own name on the host's network.</summary>
    public string? Hostname { get; init; }

    public required NetworkMode Network { get; init; }

    /// <summary>Whose namespace it is, by id, or its path, where <see cref="Network"/> says that it is another's.</summary>
    public string? NetworkSource { get; init; }

    /// <summary>The networks to be on, by name, with what was asked for.</summary>
    public IReadOnlyList<NetworkConnection>? Networks { get; init; }

    /// <summary>Ports of the host, as they were asked for: 0 where each start chooses one.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }

    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? DnsSearch { get; init; }

    public IReadOnlyList<string>? DnsOptions { get; init; }

    /// <summary>Lines of <c>/etc/hosts</c>, name to address.</summary>
    public IReadOnlyDictionary<string, string>? AddHost { get; init; }

    /// <summary>In the order of mounting: what lies in another one's target comes after it.</summary>
    public IReadOnlyList<MountSetting>? Mounts { get; init; }

    public long? Memory { get; init; }

    public double? Cpus { get; init; }

    public long? PidsLimit { get; init; }

    public long? MemorySwap { get; init; }

    public long? MemoryReservation { get; init; }

    public long? CpuShares { get; init; }

    public string? CpuSet { get; init; }

    public bool Privileged { get; init; }

    /// <summary>As the kernel names them, or <c>ALL</c>.</summary>
    public IReadOnlyList<string>? CapAdd { get; init; }

    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary>As they were given; a seccomp profile's file was read into <see cref="Seccomp"/> then.</summary>
    public IReadOnlyList<string>? SecurityOptions { get; init; }

    public LinuxSeccomp? Seccomp { get; init; }

    /// <summary>As they were given: what they stand for on the host is looked up at each start, since numbers change with it.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public IReadOnlyDictionary<string, string>? Ulimits { get; init; }

    public long? ShmSize { get; init; }

    /// <summary>The most bytes that the writable layer may take.</summary>
    public long? StorageSize { get; init; }

    /// <summary>Where the namespaces come from, as <see cref="NamespaceChoice"/> reads it, other containers by id.</summary>
    public string? UserNamespace { get; init; }

    public string? PidNamespace { get; init; }

    public string? IpcNamespace { get; init; }

    /// <summary>The host's id that is 0 inside, with a user namespace of its own.</summary>
    public uint? FirstHostId { get; init; }

    public int? OomScoreAdj { get; init; }

    public bool Init { get; init; }

    public bool Tty { get; init; }

    public bool ReadOnly { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required int StopSignal { get; init; }

    /// <summary>It is to have a user namespace of its own, and no ids are set aside for it yet.</summary>
    [JsonIgnore]
    public bool NeedsIds => HasOwnIds && FirstHostId is null;

    /// <summary>Whether the container has other users than the host.</summary>
    [JsonIgnore]
    public bool HasOwnIds => UserNamespace == nameof(NamespaceOrigin.Private);

    /// <summary>What the container calls itself: as asked, the host's name on the host's network, else the id's beginning.</summary>
    public string HostnameOf(string id) => Hostname ?? (Network == NetworkMode.Host ? System.Environment.MachineName : id[..12]);
}

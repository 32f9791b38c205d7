namespace PsContainers;

/// <summary>What to make a container from. What is not set comes from the image, then from the engine.</summary>
public sealed record ContainerCreation
{
    /// <summary>A name (<c>busybox</c>, <c>debian:12</c>), a digest, or a unique beginning of an image's id.</summary>
    public required string Image { get; init; }

    /// <summary>Two words are picked when it is not set.</summary>
    public string? Name { get; init; }

    /// <summary>Arguments, passed untouched; they take the place of the image's command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Takes the place of the image's entry point, and drops the image's command.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Added to the image's environment, or put in its place where the name is the same.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary><c>name|uid[:group|gid]</c>, looked up inside the container.</summary>
    public string? User { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>The first 12 digits of the id when it is not set, or the host's name on the host's network.</summary>
    public string? Hostname { get; init; }

    /// <summary>The memory limit in bytes.</summary>
    public long? Memory { get; init; }

    public double? Cpus { get; init; }

    public long? PidsLimit { get; init; }

    /// <summary>Memory and swap together, in bytes; −1 means any amount of swap. Twice the memory when it is not set.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Bytes that the kernel leaves the container when memory runs short.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>The weight beside other containers when processors are short: 2 to 262144, 1024 by default.</summary>
    public long? CpuShares { get; init; }

    /// <summary>The processors to run on: <c>0-3,7</c>.</summary>
    public string? CpuSet { get; init; }

    /// <summary>Capabilities beside the usual fourteen, with or without <c>CAP_</c>; <c>ALL</c> for all. capabilities(7)</summary>
    public IReadOnlyList<string>? CapAdd { get; init; }

    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary>Every capability and device that the engine has, and nothing of the kernel's files hidden: as good as the host.</summary>
    public bool Privileged { get; init; }

    /// <summary>As Docker writes them: <c>seccomp=unconfined</c>, <c>no-new-privileges=false</c>, <c>systempaths=unconfined</c> …</summary>
    public IReadOnlyList<string>? SecurityOption { get; init; }

    /// <summary>Devices of the host: <c>/dev/x[:/dev/y][:rwm]</c>.</summary>
    public IReadOnlyList<string>? Device { get; init; }

    /// <summary>Kernel parameters of the container's namespaces: <c>net.ipv4.ip_forward</c> to <c>1</c>.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>Limits of each process: <c>nofile</c> to <c>1024:2048</c>, soft and hard. getrlimit(2)</summary>
    public IReadOnlyDictionary<string, string>? Ulimit { get; init; }

    /// <summary>The size of <c>/dev/shm</c> in bytes, 64 MiB when it is not set.</summary>
    public long? ShmSize { get; init; }

    /// <summary>The most bytes that what the container writes may take, where the file system can limit a directory.</summary>
    public long? StorageSize { get; init; }

    /// <summary><c>Host</c>, or <c>Private</c> for users that are nobody on the host.</summary>
    public string? UserNamespace { get; init; }

    /// <summary><c>Private</c>, <c>Host</c> or <c>Container:NAME</c>.</summary>
    public string? PidNamespace { get; init; }

    /// <summary><c>Private</c>, <c>Host</c> or <c>Container:NAME</c>.</summary>
    public string? IpcNamespace { get; init; }

    /// <summary>−1000, never, to 1000, first: whom the kernel ends when the host's memory runs out. proc_pid_oom_score_adj(5)</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>A small first process that passes signals on and buries orphans.</summary>
    public bool Init { get; init; }

    /// <summary>A terminal instead of separate streams.</summary>
    public bool Tty { get; init; }

    /// <summary>What <c>Stop-Container</c> sends, instead of the image's choice: <c>SIGQUIT</c>, <c>15</c>.</summary>
    public string? StopSignal { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>The networks to be on, the first with the way to everywhere else; the default network when it is not set.</summary>
    public IReadOnlyList<NetworkConnection>? Networks { get; init; }

    public IReadOnlyList<PortMapping>? Ports { get; init; }

    /// <summary>Every port that the image exposes gets a port of the host.</summary>
    public bool PublishAll { get; init; }

    /// <summary>Name servers instead of the host's, as IP addresses.</summary>
    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? DnsSearch { get; init; }

    /// <summary>resolv.conf(5): <c>ndots:2</c>.</summary>
    public IReadOnlyList<string>? DnsOption { get; init; }

    /// <summary>Lines for <c>/etc/hosts</c>: name to address, or to <c>host-gateway</c> for the host as the container reaches it.</summary>
    public IReadOnlyDictionary<string, string>? AddHost { get; init; }

    /// <summary>What it sees beside its image's files. Volumes that the image declares, and that none of these covers, are added.</summary>
    public IReadOnlyList<ContainerMount>? Mounts { get; init; }

    /// <summary>Containers whose volumes and binds are to be seen at the same places: <c>NAME</c>, <c>NAME:ro</c>.</summary>
    public IReadOnlyList<string>? VolumesFrom { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Removes the container when it ends; what it wrote need not survive anything.</summary>
    public bool RemoveOnExit { get; init; }
}

using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Containers;

/// <summary>The parameters of every cmdlet that makes a container from an image.</summary>
public abstract class ContainerCreationCmdlet : ContainersCmdlet
{
    private protected const string FromImage = "Image";

    [Parameter(ParameterSetName = FromImage, Position = 1)]
    public string?[]? Command { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string?[]? Entrypoint { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [KeyValues]
    [Alias("Env")]
    public IDictionary<string, string>? Environment { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? User { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? WorkingDirectory { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? Hostname { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [MemorySize]
    public long? Memory { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public double? Cpus { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public long? PidsLimit { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [MemorySize(TakesUnlimited = true)]
    public long? MemorySwap { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [MemorySize]
    public long? MemoryReservation { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public long? CpuShares { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [NumberList]
    public string? CpuSet { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[]? CapAdd { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[]? CapDrop { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter Privileged { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(SecurityOptionCompleter))]
    [Alias("SecurityOpt")]
    public string[]? SecurityOption { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string[]? Device { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [KeyValues]
    [ArgumentCompleter(typeof(SysctlCompleter))]
    public IDictionary<string, string>? Sysctl { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [KeyValues]
    [ArgumentCompleter(typeof(UlimitCompleter))]
    public IDictionary<string, string>? Ulimit { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [MemorySize]
    public long? ShmSize { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [MemorySize]
    public long? StorageSize { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(UserNamespaceCompleter))]
    public string? UserNamespace { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? PidNamespace { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? IpcNamespace { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public int? OomScoreAdj { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter Init { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter Tty { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter ReadOnly { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [NetworkConnections]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    [Alias("Net")]
    public NetworkConnection[]? Network { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [PortMappings]
    [Alias("p")]
    public PortMapping[]? Publish { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter PublishAll { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [Alias("Ip")]
    public string[]? IPAddress { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? MacAddress { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string[]? NetworkAlias { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string[]? Dns { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string[]? DnsSearch { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string[]? DnsOption { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [HostLines]
    public IDictionary<string, string>? AddHost { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ContainerMounts]
    public ContainerMount[]? Mount { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ContainerMounts(Notation = MountNotation.Volume)]
    [ArgumentCompleter(typeof(VolumeSourceCompleter))]
    [Alias("v")]
    public ContainerMount[]? Volume { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ContainerMounts(Notation = MountNotation.Tmpfs)]
    public ContainerMount[]? Tmpfs { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? VolumesFrom { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter Remove { get; set; }

    private protected ContainerCreation CreationOf(string image, string? name) => new()
    {
        Image = image,
        Name = name,
        Command = ArgumentsOf(nameof(Command), Command),
        Entrypoint = ArgumentsOf(nameof(Entrypoint), Entrypoint),
        Environment = Environment?.AsReadOnly(),
        User = User,
        WorkingDirectory = WorkingDirectory,
        Hostname = Hostname,
        Memory = Memory,
        Cpus = Cpus,
        PidsLimit = PidsLimit,
        MemorySwap = MemorySwap,
        MemoryReservation = MemoryReservation,
        CpuShares = CpuShares,
        CpuSet = CpuSet,
        CapAdd = CapAdd,
        CapDrop = CapDrop,
        Privileged = Privileged,
        SecurityOption = SecurityOption is null ? null : [.. SecurityOption.Select(WithWholePath)],
        Device = Device,
        Sysctl = Sysctl?.AsReadOnly(),
        Ulimit = Ulimit?.AsReadOnly(),
        ShmSize = ShmSize,
        StorageSize = StorageSize,
        UserNamespace = UserNamespace,
        PidNamespace = PidNamespace,
        IpcNamespace = IpcNamespace,
        OomScoreAdj = OomScoreAdj,
        Init = Init,
        Tty = Tty,
        StopSignal = StopSignal,
        ReadOnly = ReadOnly,
        Networks = NetworkParameters.Merge(Network, IPAddress, MacAddress, NetworkAlias),
        Ports = Publish,
        PublishAll = PublishAll,
        Dns = Dns,
        DnsSearch = DnsSearch,
        DnsOption = DnsOption,
        AddHost = AddHost?.AsReadOnly(),
        Mounts = MountPaths.Merge(this, Mount, Volume, Tmpfs),
        VolumesFrom = VolumesFrom,
        Labels = Label?.AsReadOnly(),
        RemoveOnExit = Remove,
    };

    // A file is meant as PowerShell means it, from the location of the session and not of the process.
    private string WithWholePath(string option)
    {
        const string Seccomp = "seccomp=";
        var profile = option.StartsWith(Seccomp, StringComparison.Ordinal) ? option[Seccomp.Length..] : "";
        return profile is "" or "unconfined" or "builtin" or "default"
            ? option
            : Seccomp + SessionState.Path.GetUnresolvedProviderPathFromPSPath(profile);
    }

    // As everywhere in PowerShell where text is wanted, $null is an empty one: the arguments behind it keep their places.
    private string[]? ArgumentsOf(string parameter, string?[]? given) =>
        given is null ? null : TypedWords.Restore(Array.ConvertAll(given, argument => argument ?? ""), parameter, MyInvocation);
}

using System.Runtime.CompilerServices;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Launch;

/// <summary>A runtime specification compiled to the flat list of steps that the launcher runs.</summary>
/// <remarks>Building it touches nothing; docs/launcher.md gives the order and its reasons.</remarks>
public sealed record LaunchPlan
{
    private LaunchPlan(LaunchOptions options)
    {
        Options = options;
    }

    public LaunchOptions Options { get; }

    /// <summary>Namespaces the first process is born in.</summary>
    public CloneFlags Namespaces { get; init; }

    /// <summary>Before the clone; cgroups made here are removed in reverse after the end.</summary>
    public IReadOnlyList<LaunchStep> SupervisorSteps { get; init; } = [];

    /// <summary>In a process of their own before the first process is born; none where there is no such process.</summary>
    public IReadOnlyList<LaunchStep> EntrySteps { get; init; } = [];

    /// <summary>In the container's first process, up to the command.</summary>
    public required IReadOnlyList<LaunchStep> ContainerSteps { get; init; }

    /// <summary>Hooks once the command runs, and after everything was undone.</summary>
    public IReadOnlyList<LaunchStep> PoststartSteps { get; init; } = [];

    public IReadOnlyList<LaunchStep> PoststopSteps { get; init; } = [];

    public string? UserMap { get; init; }

    public string? GroupMap { get; init; }

    /// <summary>The state as hooks read it, around what changes; see <see cref="ContainerStateText"/>.</summary>
    public string? StateHead { get; init; }

    public string? StateTail { get; init; }

    /// <summary>The system call filter, whose agent the launcher has to find; null where there is none.</summary>
    public SystemCallFilter? Filter { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<string> Environment { get; init; }

    /// <exception cref="InvalidSettingException">Names the member of the specification that cannot be launched, and why.</exception>
    public static LaunchPlan Build(RuntimeSpec spec, LaunchOptions options)
    {
        var process = spec.Process ?? throw new InvalidSettingException("process", "there is nothing to run");
        var arguments = Command(process);
        var resourceControl = ResourceControl.Build(spec.Linux?.IntelRdt, options.Id);
        var namespaces = NamespacePlan.Of(spec.Linux);
        var filter = SystemCallFilter.Compile(spec.Linux?.Seccomp);
        List<LaunchStep> entry =
        [
            .. Step(options.Scope is not null, new AskHost([])),
            .. CgroupSteps.Container(options.Cgroups),
            .. resourceControl?.Container ?? [],
            .. KernelSettings.OomScore(process),
            .. EntryMounts.Build(spec, options, namespaces),
            .. namespaces.Joined,
        ];
        return new LaunchPlan(Complete(options, process))
        {
            // The cgroup namespace comes later, by unshare: its root is the group the process is in at that moment. So does the time
            // namespace, whose clocks are set while nobody is in it.
            Namespaces = namespaces.New & ~(CloneFlags.Cgroup | CloneFlags.Time),
            UserMap = namespaces.UserMap,
            GroupMap = namespaces.GroupMap,
            SupervisorSteps = [.. CgroupSteps.Supervisor(options.Cgroups, options.Scope), .. resourceControl?.Supervisor ?? []],
            EntrySteps = namespaces.NeedsEntry ? entry : [],
            ContainerSteps =
            [
                .. namespaces.NeedsEntry ? [] : entry,
                // Before this process becomes another user: the file for the clocks belongs to the host's root, since nobody may look
                // into this process.
                .. Step(namespaces.New.HasFlag(CloneFlags.Time), new EnterTimeNamespace(namespaces.TimeOffsets)),
                .. Step(namespaces.HasUser, Root(spec)),
                .. Step(namespaces.New.HasFlag(CloneFlags.Cgroup), new Unshare(CloneFlags.Cgroup)),
                .. MountLabel.Apply(RootSteps.Build(spec, options), spec.Linux?.MountLabel),
                .. Step(process.Terminal, new OpenTerminal(process.ConsoleSize, BindConsole: true)),
                .. HostRequests.BeforePivot(spec),
                .. Step(namespaces.New.HasFlag(CloneFlags.Network), new LoopbackUp()),
                .. Step(spec.Hostname is not null, new SetHostname(spec.Hostname ?? "")),
                .. KernelSettings.Build(spec, process),
                .. RootSteps.Pivot(spec, options),
                .. Step(spec.Root?.Readonly == true, new RemountRootReadOnly()),
                .. ProcessSteps.Build(spec, process, filter, options),
            ],
            PoststartSteps = RunHook.All(spec.Hooks?.Poststart, "poststart", HookStatus.Running),
            PoststopSteps = RunHook.All(spec.Hooks?.Poststop, "poststop", HookStatus.Stopped),
            StateHead = ContainerStateText.Head(options.Id),
            StateTail = ContainerStateText.Tail(options.Bundle ?? "/", spec.Annotations),
            Filter = filter,
            Arguments = arguments,
            Environment = process.Env ?? [],
        };
    }

    /// <summary>A command in a running container: its process joins what the container's first one is in.</summary>
    /// <param name="spec">The container's own specification, for what holds for all its processes.</param>
    /// <param name="process">The command.</param>
    /// <param name="filter">The container's own, compiled when it was made or just now.</param>
    /// <param name="options">With the target.</param>
    /// <exception cref="InvalidSettingException">Names the member of the process that cannot be launched, and why.</exception>
    public static LaunchPlan BuildExec(RuntimeSpec spec, ProcessSpec process, SystemCallFilter? filter, LaunchOptions options)
    {
        var target = options.Target ?? throw new ArgumentException("there is no target", nameof(options));
        return new LaunchPlan(Complete(options, process))
        {
            ContainerSteps =
            [
                .. SetAffinity.Initial(process),
                .. target.CgroupFiles.Select(file => new JoinCgroup(file)),
                .. KernelSettings.OomScore(process),
                .. KernelSettings.ExecAttributes(process),
                .. SetAffinity.Final(process),
                new JoinTarget(target.Namespaces & ~CloneFlags.Pid),
                .. Step(target.Namespaces.HasFlag(CloneFlags.User), Root(spec)),
                .. Step(process.Terminal, new OpenTerminal(process.ConsoleSize, BindConsole: false)),
                .. ProcessSteps.Build(spec with { Hooks = null }, process, filter, options),
            ],
            StateHead = ContainerStateText.Head(options.Id),
            StateTail = ContainerStateText.Tail(options.Bundle ?? "/", spec.Annotations),
            Filter = filter,
            Arguments = Command(process),
            Environment = process.Env ?? [],
        };
    }

    /// <summary>The plan as the launcher maps it.</summary>
    public ReadOnlySpan<byte> Encode()
    {
        var headSize = Unsafe.SizeOf<PlanHeader>();
        var writer = new PlanWriter(headSize);
        var header = new PlanHeader
        {
            Magic = PlanHeader.ExpectedMagic,
            Version = PlanHeader.ExpectedVersion,
            ContainerId = writer.Text(Options.Id),
            CloneFlags = (ulong)Namespaces,
            UnifiedCgroup = writer.Text(BirthGroup(Options)),
            RunDirectory = writer.Text(Options.RunDirectory),
            LogPath = writer.Text(Options.LogPath),
            LogFiles = (uint)Options.LogFiles,
            LogLimit = (ulong)Options.LogLimit,
            SupervisorSteps = writer.Steps(SupervisorSteps),
            SupervisorStepCount = (uint)SupervisorSteps.Count,
            EntrySteps = writer.Steps(EntrySteps),
            EntryStepCount = (uint)EntrySteps.Count,
            ContainerSteps = writer.Steps(ContainerSteps),
            ContainerStepCount = (uint)ContainerSteps.Count,
            PoststartSteps = writer.Steps(PoststartSteps),
            PoststartStepCount = (uint)PoststartSteps.Count,
            PoststopSteps = writer.Steps(PoststopSteps),
            PoststopStepCount = (uint)PoststopSteps.Count,
            Arguments = writer.Texts(Arguments),
            ArgumentCount = (uint)Arguments.Count,
            Environment = writer.Texts(Environment),
            EnvironmentCount = (uint)Environment.Count,
            OomFile = writer.Text(CgroupSteps.OomFile(Options.Cgroups)),
            UserMap = writer.Text(UserMap),
            GroupMap = writer.Text(GroupMap),
            StateHead = writer.Text(StateHead),
            StateTail = writer.Text(StateTail),
            SeccompAgent = writer.Text(Filter?.Agent),
            SeccompMetadata = writer.Text(Filter?.AgentMetadata),
            PidFile = writer.Text(Options.PidFile),
            ConsoleSocket = writer.Text(Options.ConsoleSocket),
            ErrorLog = writer.Text(Options.ErrorLog),
            PreservedDescriptors = (uint)Options.PreservedDescriptors,
            TargetPid = Options.Target?.Pid ?? 0,
            TargetStartTime = Options.Target?.StartTime ?? 0,
            TargetNamespaces = (ulong)(Options.Target?.Namespaces ?? CloneFlags.None),
            Flags = (uint)Options.Flags,
        };
        header.Size = (uint)writer.Length;
        writer.Put(0, in header);
        return writer.Content;
    }

    private static IReadOnlyList<string> Command(ProcessSpec process) => process.Args is { Count: > 0 } arguments
        ? arguments
        : throw new InvalidSettingException("process.args", "there is no command");

    private static LaunchOptions Complete(LaunchOptions options, ProcessSpec process)
    {
        if (options.ConsoleSocket is not null && !process.Terminal)
        {
            throw new InvalidSettingException("process.terminal", "there is a console socket for it, and it is not asked for");
        }

        if (process.Terminal && options is { Flags: var flags, ConsoleSocket: null } && flags.HasFlag(PlanFlags.Detached))
        {
            throw new InvalidSettingException("process.terminal", "a terminal needs a console socket when nobody stays");
        }

        return options with
        {
            Flags = options.Flags
                | (process.Terminal ? PlanFlags.Terminal : PlanFlags.None)
                | (options.Scope is null ? PlanFlags.None : PlanFlags.StepsAfterBirth),
        };
    }

    // A group that systemd is to make is not there yet: it takes the process in.
    private static string? BirthGroup(LaunchOptions options) =>
        options.Target is { } joined ? joined.UnifiedCgroup : options.Scope is null ? options.Cgroups.Unified?.Path : null;

    private static BecomeRoot Root(RuntimeSpec spec) =>
        new(IdMap.Root(spec.Linux?.UidMappings), IdMap.Root(spec.Linux?.GidMappings));

    private static LaunchStep[] Step(bool wanted, LaunchStep step) => wanted ? [step] : [];
}

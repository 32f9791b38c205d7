using System.Runtime.CompilerServices;
using PsContainers.Oci.Runtime;

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
    public required CloneFlags Namespaces { get; init; }

    /// <summary>Before the clone; cgroups made here are removed in reverse after the end.</summary>
    public required IReadOnlyList<LaunchStep> SupervisorSteps { get; init; }

    /// <summary>In the container's first process, up to the command.</summary>
    public required IReadOnlyList<LaunchStep> ContainerSteps { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<string> Environment { get; init; }

    /// <exception cref="InvalidSettingException">Names the member of the specification that cannot be launched, and why.</exception>
    public static LaunchPlan Build(RuntimeSpec spec, LaunchOptions options)
    {
        var process = spec.Process ?? throw new InvalidSettingException("process", "there is nothing to run");
        if (process.Args is not { Count: > 0 } arguments)
        {
            throw new InvalidSettingException("process.args", "there is no command");
        }

        RefusedSettings.Check(spec);
        var namespaces = NamespaceFlags.Of(spec.Linux?.Namespaces);
        return new LaunchPlan(options)
        {
            // The cgroup namespace comes later, by unshare: its root is the group the process is in at that moment.
            Namespaces = namespaces & ~CloneFlags.Cgroup,
            SupervisorSteps = CgroupSteps.Supervisor(options.Cgroups),
            ContainerSteps =
            [
                .. CgroupSteps.Container(options.Cgroups),
                .. Step(namespaces.HasFlag(CloneFlags.Cgroup), new Unshare(CloneFlags.Cgroup)),
                .. RootSteps.Build(spec, options),
                .. Step(namespaces.HasFlag(CloneFlags.Network), new LoopbackUp()),
                .. Step(spec.Hostname is not null, new SetHostname(spec.Hostname ?? "")),
                new PivotRoot(options.RootPath),
                .. Step(spec.Root?.Readonly == true, new RemountRootReadOnly()),
                .. ProcessSteps.Build(spec, process, options.User),
                new Execute(arguments[0]),
            ],
            Arguments = arguments,
            Environment = process.Env ?? [],
        };
    }

    /// <summary>The plan as the launcher maps it.</summary>
    public ReadOnlySpan<byte> Encode()
    {
        var headSize = Unsafe.SizeOf<PlanHeader>();
        var stepSize = Unsafe.SizeOf<PlanStep>();
        var containerSteps = headSize + (SupervisorSteps.Count * stepSize);
        var writer = new PlanWriter(containerSteps + (ContainerSteps.Count * stepSize));
        Encode(writer, SupervisorSteps, headSize);
        Encode(writer, ContainerSteps, containerSteps);
        var header = new PlanHeader
        {
            Magic = PlanHeader.ExpectedMagic,
            Version = PlanHeader.ExpectedVersion,
            ContainerId = writer.Text(Options.Id),
            CloneFlags = (ulong)Namespaces,
            UnifiedCgroup = writer.Text(Options.Cgroups.Unified?.Path),
            RunDirectory = writer.Text(Options.RunDirectory),
            LogPath = writer.Text(Options.LogPath),
            LogFiles = (uint)Options.LogFiles,
            LogLimit = (ulong)Options.LogLimit,
            SupervisorSteps = (uint)headSize,
            SupervisorStepCount = (uint)SupervisorSteps.Count,
            ContainerSteps = (uint)containerSteps,
            ContainerStepCount = (uint)ContainerSteps.Count,
            Arguments = writer.Texts(Arguments),
            ArgumentCount = (uint)Arguments.Count,
            Environment = writer.Texts(Environment),
            EnvironmentCount = (uint)Environment.Count,
            OomFile = writer.Text(CgroupSteps.OomFile(Options.Cgroups)),
            Flags = (uint)Options.Flags,
        };
        header.Size = (uint)writer.Length;
        writer.Put(0, in header);
        return writer.Content;
    }

    private static void Encode(PlanWriter writer, IReadOnlyList<LaunchStep> steps, int offset)
    {
        foreach (var step in steps)
        {
            step.Encode(writer, offset);
            offset += Unsafe.SizeOf<PlanStep>();
        }
    }

    private static LaunchStep[] Step(bool wanted, LaunchStep step) => wanted ? [step] : [];
}

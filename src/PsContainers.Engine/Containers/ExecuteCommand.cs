using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Engine.Containers;

/// <summary>Runs a further command in a running container.</summary>
public sealed class ExecuteCommand
{
    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly string _launcher;
    private readonly ContainerLookup _lookup;
    private readonly Reconciliation _reconciliation;
    private readonly Lazy<CgroupHierarchies> _hierarchies;

    internal ExecuteCommand(
        EnginePaths paths,
        ContainerModel model,
        string launcher,
        ContainerLookup lookup,
        Reconciliation reconciliation,
        Lazy<CgroupHierarchies> hierarchies)
    {
        _paths = paths;
        _model = model;
        _launcher = launcher;
        _lookup = lookup;
        _reconciliation = reconciliation;
        _hierarchies = hierarchies;
    }

    /// <summary>Starts it with pipes for its streams. The container is not locked: it may end meanwhile, and the command with it.</summary>
    /// <param name="hasInput">Whether something will be written to its stdin; else that is at its end.</param>
    /// <exception cref="ContainerEngineException">
    /// ContainerNotRunning, ContainerPaused; CommandNotFound, CommandNotExecutable, CommandStartFailed.
    /// </exception>
    public RunningCommand Start(ContainerCommand command, bool hasInput) =>
        Launch(command, isTerminal: false, (plan, container) =>
            new RunningCommand(CommandProcess.Start(_launcher, plan, hasInput), container));

    /// <summary>Runs it on this process's terminal until it ends; the terminal is then set as it was.</summary>
    /// <returns>The exit code, or 128 + the signal that ended it.</returns>
    public int RunOnTerminal(ContainerCommand command)
    {
        using var mode = TerminalMode.Keep() ?? throw EngineErrors.TerminalRequired(command.Container);
        return Launch(command, isTerminal: true, (plan, _) =>
        {
            using var process = CommandProcess.StartOnTerminal(_launcher, plan);
            return process.WaitForExit();
        });
    }

    private T Launch<T>(ContainerCommand command, bool isTerminal, Func<LaunchPlan, Container, T> start)
    {
        var current = _reconciliation.Current(_lookup.Resolve(command.Container));
        var (row, state) = (current.Row, current.State);
        if (current.IsRemoved || state is null || !Lifecycle.Proceeds(row.Name, current.Status, ContainerAction.Execute))
        {
            throw EngineErrors.ContainerNotRunning(row.Name);
        }

        try
        {
            return start(Plan(row, state, command, isTerminal), _model.Of(current));
        }
        catch (LaunchFailedException e)
        {
            throw e switch
            {
                { ExitCode: EngineErrors.CommandNotFoundCode } => EngineErrors.CommandNotFound(row.Name, e.Message, "run the command"),
                { ExitCode: EngineErrors.CommandNotExecutableCode } =>
                    EngineErrors.CommandNotExecutable(row.Name, e.Message, "run the command"),
                { Step: StepKind.None, Errno: Errno.ESRCH } => EngineErrors.ContainerNotRunning(row.Name),
                _ => EngineErrors.CommandStartFailed(row.Name, e.Message, e),
            };
        }
        catch (Exception e) when (e is InvalidSettingException or IOException)
        {
            // Between the look and the launch it may have ended: then there is no /proc/PID to compare namespaces with.
            throw RunObservation.IsAlive(state.Pid, state.StartTime)
                ? EngineErrors.CommandStartFailed(row.Name, e.Message, e)
                : EngineErrors.ContainerNotRunning(row.Name);
        }
    }

    private LaunchPlan Plan(ContainerRow row, RunState state, ContainerCommand command, bool isTerminal)
    {
        // The namespaces of another container that this one joined do not matter here: its process is in them.
        var surroundings = new SpecSurroundings(
            row.Id,
            _paths.MountPoint,
            _paths.RunDirectory(row.Id),
            _paths.RunDirectory(row.Id),
            NetworkPath: null,
            _launcher,
            Mounts: [],
            (_, type) => new LinuxNamespace(type));
        var spec = RuntimeSpecBuilder.Build(surroundings, row.Settings);
        var cgroups = CgroupPlan.Build(_hierarchies.Value, AbandonedRun.CgroupPath(row.Id), null);
        var user = command.User ?? row.Settings.User;
        var filter = SystemCallFilter.Compile(spec.Linux?.Seccomp);
        return LaunchPlan.BuildExec(spec, Process(spec.Process!, command, isTerminal), filter, new LaunchOptions
        {
            Id = row.Id,
            RootPath = _paths.MountPoint,
            Cgroups = cgroups,
            User = user.Length > 0 ? user : "0",
            Flags = PlanFlags.Foreground | PlanFlags.InheritOutput,
            Target = ExecTarget.Of(state.Pid, state.StartTime, cgroups),
        });
    }

    private static ProcessSpec Process(ProcessSpec own, ContainerCommand command, bool isTerminal)
    {
        var environment = new EnvironmentList();
        environment.SetAll(own.Env ?? []);
        if (isTerminal)
        {
            environment.Set("TERM", Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } term ? term : "xterm");
        }

        foreach (var (name, value) in command.Environment ?? new Dictionary<string, string>())
        {
            environment.Set(name, value);
        }

        return own with
        {
            Args = command.Command,
            Env = environment.ToList(),
            Cwd = command.WorkingDirectory ?? own.Cwd,
            Terminal = isTerminal,
            ConsoleSize = null,
        };
    }
}

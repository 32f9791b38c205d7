using System.Globalization;
using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Oci.Runtime.Reading;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`exec`: a command in a running container.</summary>
internal static class ExecCommand
{
    private static readonly OptionSyntax _syntax = new OptionSyntax { OwnWords = 1 }
        .Value("--console-socket").Value("--cwd").Value("--env", "-e").Value("--user", "-u").Value("--additional-gids", "-g")
        .Value("--process", "-p").Value("--pid-file").Value("--process-label").Value("--apparmor").Value("--cap", "-c")
        .Value("--preserve-fds").Value("--cgroup")
        .Flag("--tty", "-t").Flag("--detach", "-d").Flag("--no-new-privs").Flag("--ignore-paused").Flag("--no-subreaper");

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, _syntax);
        var id = words.Id("exec");
        var container = new RuntimeStore(global.Root).Open(id);
        CheckRunning(container, words);
        var spec = RuntimeStore.ReadForCommand(container, out var filter);
        var process = words.Value("--process") is { } file ? ReadProcess(file) : Compose(spec, words);
        if (words.Has("--tty"))
        {
            process = process with { Terminal = true };
        }

        Configuration.Check(process);
        var descriptors = PreservedDescriptors.OfFurther(words);
        var flags = words.Has("--detach") ? PlanFlags.Detached : PlanFlags.Foreground;
        var plan = LaunchPlan.BuildExec(spec, process, filter, new LaunchOptions
        {
            Id = id,
            RootPath = container.Container.Rootfs,
            Bundle = container.Container.Bundle,
            Cgroups = new CgroupPlan([], null),
            PidFile = words.Value("--pid-file") is { Length: > 0 } pidFile ? Path.GetFullPath(pidFile) : null,
            ConsoleSocket = words.Value("--console-socket") is { Length: > 0 } socket ? Path.GetFullPath(socket) : null,
            ErrorLog = global.Log,
            PreservedDescriptors = descriptors,
            Flags = flags | global.LogFlag | PlanFlags.InheritOutput,
            Target = Target(container, words),
        });
        return BareProcess.Become(flags == PlanFlags.Detached ? "launch" : "supervise", plan.Encode(), descriptors);
    }

    private static void CheckRunning(StoredContainer container, CommandWords words)
    {
        var status = container.Status();
        if (status is not ("running" or "created") && !(status == "paused" && words.Has("--ignore-paused")))
        {
            throw new CommandLineException($"cannot exec in container {container.Container.Id}: it is {status}");
        }
    }

    private static ExecTarget Target(StoredContainer container, CommandWords words)
    {
        var groups = container.Container.Cgroups;
        return new ExecTarget(
            container.Pid,
            container.State?.StartTime ?? 0,
            ExecTarget.DifferentNamespaces(container.Pid),
            [.. groups.Where(g => !g.Unified).Select(g => $"{Below(g, words)}/tasks")],
            groups.FirstOrDefault(g => g.Unified) is { } unified ? Below(unified, words) : null);
    }

    // `--cgroup sub` for all hierarchies, or `--cgroup controller[,controller]:sub` for one of version 1.
    private static string Below(OciCgroup group, CommandWords words)
    {
        foreach (var value in words.Values("--cgroup"))
        {
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || value[..colon].Split(',').Any(group.Controllers.Contains))
            {
                var sub = value[(colon + 1)..].Trim('/');
                return sub.Split('/').Contains("..")
                    ? throw new CommandLineException($"'{value}' is not a group below the container's")
                    : sub.Length == 0 ? group.Path : $"{group.Path}/{sub}";
            }
        }

        return group.Path;
    }

    private static ProcessSpec ReadProcess(string path)
    {
        try
        {
            return RuntimeSpecReader.ReadProcess(Configuration.ReadBounded(path));
        }
        catch (JsonException e)
        {
            throw new InvalidSettingException(path, e.Message);
        }
    }

    // The container's own process with what the command line says otherwise.
    private static ProcessSpec Compose(RuntimeSpec spec, CommandWords words)
    {
        var own = spec.Process ?? new ProcessSpec { User = new UserSpec(), Cwd = "/" };
        var capabilities = own.Capabilities;
        if (words.Values("--cap") is { Count: > 0 } added)
        {
            IReadOnlyList<string> With(IReadOnlyList<string>? set) => [.. (set ?? []).Concat(added).Distinct()];
            capabilities = (capabilities ?? new LinuxCapabilities()) with
            {
                Bounding = With(capabilities?.Bounding),
                Effective = With(capabilities?.Effective),
                Permitted = With(capabilities?.Permitted),
            };
        }

        return own with
        {
            Args = [.. words.Plain.Skip(1)],
            Terminal = words.Has("--tty"),
            ConsoleSize = null,
            Cwd = words.Value("--cwd") ?? own.Cwd,
            Env = [.. (own.Env ?? []).Concat(words.Values("--env"))],
            User = User(own.User, words),
            Capabilities = capabilities,
            NoNewPrivileges = own.NoNewPrivileges || words.Has("--no-new-privs"),
            SelinuxLabel = words.Value("--process-label") ?? own.SelinuxLabel,
            ApparmorProfile = words.Value("--apparmor") ?? own.ApparmorProfile,
        };
    }

    private static UserSpec User(UserSpec own, CommandWords words)
    {
        var user = own with
        {
            AdditionalGids = [.. (own.AdditionalGids ?? []).Concat(words.Values("--additional-gids").Select(g => Number(g, "group id")))],
        };
        if (words.Value("--user") is not { } given)
        {
            return user;
        }

        var parts = given.Split(':', 2);
        return user with
        {
            Uid = Number(parts[0], "user id"),
            Gid = parts.Length > 1 ? Number(parts[1], "group id") : user.Gid,
        };
    }

    private static uint Number(string text, string what) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CommandLineException($"'{text}' is no {what}");
}

using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`create` and `run`: compiles a bundle's config.json to a plan and becomes the bare process that carries it out.</summary>
internal static class CreateCommand
{
    private static readonly OptionSyntax _syntax = new OptionSyntax()
        .Value("--bundle", "-b").Value("--console-socket").Value("--pid-file").Value("--preserve-fds")
        .Flag("--no-pivot").Flag("--no-new-keyring").Flag("--no-subreaper").Flag("--keep").Flag("--detach", "-d");

    internal static int Create(GlobalOptions global) => Launch(global, PlanFlags.Detached | PlanFlags.AwaitStart);

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, _syntax);
        return Launch(global, words.Has("--detach") ? PlanFlags.Detached : PlanFlags.Foreground | PlanFlags.RemoveRunDirectory);
    }

    private static int Launch(GlobalOptions global, PlanFlags flags)
    {
        var words = CommandWords.Parse(global.Rest, _syntax);
        words.RefuseMoreThan(1);
        var id = words.Id(global.Command ?? "create");
        var bundle = Path.GetFullPath(words.Value("--bundle") ?? ".");
        var spec = Configuration.Read(bundle, out var content);
        var root = spec.Root?.Path ?? throw new InvalidSettingException("root", "missing");
        Configuration.Check(spec.Process);
        var descriptors = PreservedDescriptors.OfFirst(words, spec.Process, out var process);
        var directory = new RuntimeStore(global.Root).Claim(id);
        try
        {
            var cgroupsPath = CgroupsPath.Of(spec.Linux?.CgroupsPath, id, global.UsesSystemdPaths);
            var scope = SystemdScope.IsPossible ? cgroupsPath.Scope : null;
            var cgroups = CgroupPlan.Build(CgroupHierarchies.OfSelf(), cgroupsPath.Path, spec.Linux?.Resources);
            var options = new LaunchOptions
            {
                Id = id,
                RootPath = Path.GetFullPath(root, bundle),
                Bundle = bundle,
                Cgroups = cgroups,
                Scope = scope is null ? null : ScopeCommand.Registration(scope, global, id),
                RunDirectory = directory,
                PidFile = words.Value("--pid-file") is { Length: > 0 } file ? Path.GetFullPath(file) : null,
                ConsoleSocket = words.Value("--console-socket") is { Length: > 0 } socket ? Path.GetFullPath(socket) : null,
                ErrorLog = global.Log,
                PreservedDescriptors = descriptors,
                Flags = flags | global.LogFlag | PlanFlags.InheritOutput,
            };
            var plan = LaunchPlan.Build(spec with { Process = process }, options).Encode();
            RuntimeStore.Write(directory, Describe(options, bundle, spec, cgroupsPath with { Scope = scope }), content, plan);
            return BareProcess.Become(flags.HasFlag(PlanFlags.Detached) ? "launch" : "supervise", plan, descriptors, directory);
        }
        finally
        {
            // Reached only when the bare half was not: it removes the directory itself.
            Directory.Delete(directory, recursive: true);
        }
    }

    private static OciContainer Describe(LaunchOptions options, string bundle, RuntimeSpec spec, CgroupsPath cgroups) => new()
    {
        Id = options.Id,
        Bundle = bundle,
        Rootfs = options.RootPath,
        Created = DateTimeOffset.UtcNow,
        // Looking a name up reads nsswitch.conf and passwd; this one is known.
        Owner = Environment.IsPrivilegedProcess ? "root" : Environment.UserName,
        Annotations = spec.Annotations,
        CgroupsPath = cgroups.Path,
        Scope = cgroups.Scope,
        Cgroups = OciCgroup.Of(options.Cgroups),
    };
}

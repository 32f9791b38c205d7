using PsContainers.Oci.Runtime.Reading;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Launcher.CommandLine;

/// <summary>
/// What the bare half has done for it around a container that systemd is to know of: it speaks no D-Bus. docs/launcher.md, "With systemd"
/// </summary>
internal static class ScopeCommand
{
    internal const string StartWord = "start-scope";
    internal const string StopWord = "stop-scope";

    /// <summary>How the launcher calls these for a container.</summary>
    internal static ScopeRegistration Registration(SystemdScope scope, GlobalOptions global, string id) =>
        new(scope.Name, [.. global.Repeat(), StartWord, id], [.. global.Repeat(), StopWord, id]);

    /// <summary>Makes a container's scope around its first process, which waits for it; the state on stdin names that.</summary>
    internal static int Start(GlobalOptions global)
    {
        var (container, scope) = Open(global, StartWord);
        var resources = RuntimeStore.ReadConfiguration(container).Linux?.Resources;
        var hierarchies = CgroupHierarchies.OfSelf();
        var path = container.Container.CgroupsPath;
        using var units = SystemdUnits.Connect();
        var plan = CgroupPlan.Build(hierarchies, path, resources);
        units.StartScope(scope, ReadPid(), Description(container), plan, hierarchies.IsUnified);

        // Seen from a systemd that is itself in a group, everything would be somewhere else: the limits would go nowhere.
        return units.ControlGroup(scope) is var group && group == path
            ? 0
            : throw new CommandLineException($"systemd made {scope.Name} at {group} and not at {path}");
    }

    internal static int Stop(GlobalOptions global)
    {
        var (container, scope) = Open(global, StopWord);
        Stop(container, scope);
        return 0;
    }

    internal static void Stop(StoredContainer container, SystemdScope scope)
    {
        using var units = SystemdUnits.Connect();
        units.Stop(scope, Description(container));
    }

    // With the state directory, since ids are one's own only below it.
    private static string Description(StoredContainer container) => $"container {container.Directory}";

    private static (StoredContainer Container, SystemdScope Scope) Open(GlobalOptions global, string command)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax());
        words.RefuseMoreThan(1);
        var container = new RuntimeStore(global.Root).Open(words.Id(command));
        return (container, container.Container.Scope ?? throw new CommandLineException($"{container.Container.Id} has no scope"));
    }

    private static int ReadPid() => SpecReader.Document(
        Configuration.ReadBounded("-"),
        static (ref SpecReader json) => json.Object(
            0, static (ref SpecReader json, string name, int pid) => name == "pid" ? json.Int32() : json.Skip(pid), "pid"));
}

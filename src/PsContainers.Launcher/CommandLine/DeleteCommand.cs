using System.Diagnostics;
using PsContainers.Linux;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`delete`: what the bare half does not do by itself, a container that has not ended yet.</summary>
internal static class DeleteCommand
{
    /// <summary>What the bare half is told to do, and unlike `delete` does not hand back.</summary>
    internal const string BareWord = "finish-delete";

    private const int SIGKILL = 9;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax().Flag("--force", "-f"));
        words.RefuseMoreThan(1);
        var id = words.Id("delete");
        var store = new RuntimeStore(global.Root);
        if (store.TryRemoveRemains(id))
        {
            return 0;
        }

        var container = store.TryOpen(id);
        if (container is null && store.HasPlan(id))
        {
            // A deletion was cut off.
            return BareProcess.Become([.. global.Repeat(), BareWord, id]);
        }

        if (container is null)
        {
            // Gone is what the caller wants, as with runc and crun.
            return words.Has("--force") ? 0 : throw new CommandLineException($"container {id} does not exist in {global.Root}");
        }

        var status = container.Status();
        if (status is not ("stopped" or "created" or "creating") && !words.Has("--force"))
        {
            throw new CommandLineException($"cannot delete container {id}: it is {status}; stop it first or use --force");
        }

        Kill(container);
        if (!WholeFile.Exists(container.Directory))
        {
            // `run` in the foreground removes what it made as soon as the container has ended.
            return 0;
        }

        if (!RuntimeStore.HasReadablePlan(container))
        {
            RemoveWithoutPlan(container);
            return 0;
        }

        return BareProcess.Become([.. global.Repeat(), BareWord, id]);
    }

    // What container.json tells: the groups. A hook after the end is known by the plan alone.
    private static void RemoveWithoutPlan(StoredContainer container)
    {
        foreach (var group in container.Container.Cgroups)
        {
            RemoveGroup(group.Path);
        }

        if (container.Container.Scope is { } scope)
        {
            ScopeCommand.Stop(container, scope);
        }

        Directory.Delete(container.Directory, recursive: true);
    }

    private static void RemoveGroup(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (var child in Directory.EnumerateDirectories(path))
            {
                RemoveGroup(child);
            }

            Directory.Delete(path);
        }
    }

    // Every process of its groups, so that they can be removed: one that shares a pid namespace outlives its first process.
    private static void Kill(StoredContainer container)
    {
        var watch = Stopwatch.StartNew();
        while (container.IsAlive || ContainerProcesses.Any(container))
        {
            if (watch.Elapsed > _patience)
            {
                throw new CommandLineException($"cannot delete container {container.Container.Id}: its processes do not end");
            }

            if (container.IsAlive)
            {
                KillCommand.TrySignal(container, SIGKILL);
            }

            ContainerProcesses.Signal(container, SIGKILL);
            Thread.Sleep(1);
        }
    }
}

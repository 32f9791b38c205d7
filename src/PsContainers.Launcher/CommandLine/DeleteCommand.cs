using System.Diagnostics;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`delete`: what the bare half does not do by itself, a container that has not ended yet.</summary>
internal static class DeleteCommand
{
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
        return BareProcess.Become([.. global.Repeat(), "delete", id]);
    }

    // Every process of its groups, so that they can be removed: one that shares a pid namespace outlives its first process.
    private static void Kill(StoredContainer container)
    {
        var watch = Stopwatch.StartNew();
        while (container.IsAlive || ContainerProcesses.List(container).Count > 0)
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

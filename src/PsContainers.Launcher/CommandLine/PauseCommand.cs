using PsContainers.Runtime.Cgroups;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`pause` and `resume`: all processes of a container stand still, or go on.</summary>
internal static class PauseCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    internal static int Pause(GlobalOptions global)
    {
        var container = Open(global, "pause");
        var status = container.Status();
        if (status is not ("running" or "created"))
        {
            throw new CommandLineException($"container not running: cannot pause {container.Container.Id}: it is {status}");
        }

        return Freezer(container).TryFreeze(_patience)
            ? 0
            : throw new CommandLineException($"cannot pause {container.Container.Id}: a process did not stop in time");
    }

    internal static int Resume(GlobalOptions global)
    {
        var container = Open(global, "resume");
        var status = container.Status();
        if (status != "paused")
        {
            throw new CommandLineException($"container not paused: cannot resume {container.Container.Id}: it is {status}");
        }

        Freezer(container).Thaw();
        return 0;
    }

    private static StoredContainer Open(GlobalOptions global, string command)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax());
        words.RefuseMoreThan(1);
        return new RuntimeStore(global.Root).Open(words.Id(command));
    }

    private static CgroupFreezer Freezer(StoredContainer container) =>
        container.FreezerFile is { } file
            ? CgroupFreezer.OfStateFile(file)
            : throw new CommandLineException($"container {container.Container.Id} has no freezer: it is in no such control group");
}

using PsContainers.Linux;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`kill`: a signal to the container's first process, or with --all to every process in its control groups.</summary>
internal static class KillCommand
{
    private const int SIGKILL = 9;

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax().Flag("--all", "-a"));
        words.RefuseMoreThan(2);
        var id = words.Id("kill");
        var container = new RuntimeStore(global.Root).Open(id);
        var signal = SignalNumber.Parse(words.Plain.Count > 1 ? words.Plain[1] : "TERM");
        if (words.Has("--all"))
        {
            ContainerProcesses.Signal(container, signal);
            return 0;
        }

        if (!container.IsAlive || !TrySignal(container, signal))
        {
            // The words that containerd and docker take for "it has ended already".
            throw new CommandLineException($"container not running: {id} has ended");
        }

        return 0;
    }

    /// <summary>False when the first process has ended.</summary>
    internal static bool TrySignal(StoredContainer container, int signal)
    {
        try
        {
            using var process = PidFd.Open(container.Pid);

            // Looked at again: the number could have been another process's when it was opened.
            if (!container.IsAlive)
            {
                return false;
            }

            process.Signal(signal);

            // A paused container takes no signal before it goes on; an end must not wait for that.
            if (signal == SIGKILL && container.Status() == "paused")
            {
                ContainerProcesses.Thaw(container);
            }

            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            return false;
        }
    }
}

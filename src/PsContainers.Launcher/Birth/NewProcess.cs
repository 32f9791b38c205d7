namespace PsContainers.Launcher.Birth;

/// <summary>A process on its way to be a container's first one, or a command in a running container, from the launcher's side.</summary>
internal struct NewProcess
{
    internal Plan Plan;
    internal int Pid;
    internal int PidFd;

    /// <summary>How many of the supervisor's steps are done, and to be undone.</summary>
    internal uint StepsDone;

    /// <summary>The launcher's end of the channel; −1 once the command runs.</summary>
    internal int Channel;

    /// <summary>What becomes stdin, stdout and stderr; −1 leaves the launcher's own.</summary>
    internal int Input;
    internal int Output;
    internal int Error;

    /// <summary>Where a terminal's master is to be sent; −1 without a terminal.</summary>
    internal int Console;

    /// <summary>Listens for `start`; −1 where the command follows at once.</summary>
    internal int StartListener;

    /// <summary>pidfd of the container that the process joins; −1 for a new container.</summary>
    internal int Target;

    internal NewProcess(Plan plan)
    {
        Plan = plan;
        PidFd = Channel = Input = Output = Error = Console = StartListener = Target = -1;
    }
}

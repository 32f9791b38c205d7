using PsContainers.Linux;

namespace PsContainers.Runtime.Launch;

/// <summary>A command in a running container, from the side of whoever started it: its streams and its end.</summary>
/// <remarks>The command ends when this process's launcher is killed.</remarks>
public sealed class CommandProcess : IDisposable
{
    private readonly int _launcher;
    private bool _isReaped;

    private CommandProcess(int launcher, PipeEnd? input, PipeEnd? output, PipeEnd? error)
    {
        _launcher = launcher;
        StandardInput = input;
        StandardOutput = output;
        StandardError = error;
    }

    /// <summary>Written to, it is the command's stdin; closed, its end. Null when there is none.</summary>
    public PipeEnd? StandardInput { get; }

    /// <summary>Null for a command that has this process's terminal.</summary>
    public PipeEnd? StandardOutput { get; }

    public PipeEnd? StandardError { get; }

    /// <summary>Starts a command whose streams are pipes, and returns once it runs.</summary>
    /// <exception cref="LaunchFailedException">It did not start.</exception>
    public static CommandProcess Start(string launcherPath, LaunchPlan plan, bool hasInput)
    {
        PipeEnd? input = null, inputReader = null;
        if (hasInput)
        {
            PipeEnd.Create(out inputReader, out input);
        }

        PipeEnd.Create(out var output, out var outputWriter);
        PipeEnd.Create(out var error, out var errorWriter);
        using var nothing = NullDevice.Open();
        var hasStarted = false;
        try
        {
            var launcher = Spawn(
                launcherPath, plan, [((FileDescriptor?)inputReader ?? nothing, 0), (outputWriter, 1), (errorWriter, 2)], SpawnSession.Own);
            hasStarted = true;
            return new CommandProcess(launcher, input, output, error);
        }
        finally
        {
            inputReader?.Dispose();
            outputWriter.Dispose();
            errorWriter.Dispose();
            if (!hasStarted)
            {
                input?.Dispose();
                output.Dispose();
                error.Dispose();
            }
        }
    }

    /// <summary>Starts a command on this process's own terminal, and returns once it runs.</summary>
    /// <exception cref="LaunchFailedException">It did not start.</exception>
    public static CommandProcess StartOnTerminal(string launcherPath, LaunchPlan plan) =>
        new(Spawn(launcherPath, plan, [], SpawnSession.Callers), null, null, null);

    /// <summary>Waits for the end: the exit code, or 128 + the signal that ended the command.</summary>
    public int WaitForExit()
    {
        var code = ChildProcess.Wait(_launcher);
        _isReaped = true;
        return code;
    }

    /// <summary>Hands a signal to the command; SIGKILL ends the launcher, and the command with it.</summary>
    public void Signal(int signal)
    {
        if (!_isReaped)
        {
            ChildProcess.Signal(_launcher, signal);
        }
    }

    public void Dispose()
    {
        StandardInput?.Dispose();
        StandardOutput?.Dispose();
        StandardError?.Dispose();
        if (!_isReaped)
        {
            Signal(9);
            WaitForExit();
        }
    }

    private static int Spawn(
        string launcherPath, LaunchPlan plan, IReadOnlyList<(FileDescriptor, int)> standard, SpawnSession session)
    {
        using var planFile = MemoryFile.Create("plan", plan.Encode());
        PipeEnd.Create(out var status, out var statusWriter);
        using (status)
        {
            int launcher;
            using (statusWriter)
            {
                launcher = ChildProcess.Spawn(
                    launcherPath, [launcherPath, "supervise"], [.. standard, (planFile, 3), (statusWriter, 4)], session);
            }

            var message = StatusPipe.Read(status, out var text);
            if (message.Kind != StatusKind.Started)
            {
                var code = ChildProcess.Wait(launcher);
                StatusPipe.ThrowUnlessStarted(message, text, () => $"the launcher {launcherPath} ended with code {code} and said nothing");
            }

            return launcher;
        }
    }
}

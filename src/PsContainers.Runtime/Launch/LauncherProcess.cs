using PsContainers.Linux;

namespace PsContainers.Runtime.Launch;

/// <summary>A container that was just started, from the side of whoever started it. Letting go of it does not stop it.</summary>
public sealed class LauncherProcess : IDisposable
{
    private readonly PipeEnd _status;

    private LauncherProcess(PipeEnd status, int initPid, PipeEnd? output, PipeEnd? error)
    {
        _status = status;
        InitPid = initPid;
        StandardOutput = output;
        StandardError = error;
    }

    /// <summary>The first process's id on the host.</summary>
    public int InitPid { get; }

    /// <summary>A copy of the container's stdout while attached; ends when the container closes it.</summary>
    public PipeEnd? StandardOutput { get; }

    public PipeEnd? StandardError { get; }

    /// <summary>Starts a container and returns once its command runs.</summary>
    /// <param name="attach">
    /// Copy its output to <see cref="StandardOutput"/> and <see cref="StandardError"/>, which must then be read.
    /// </param>
    /// <exception cref="LaunchFailedException">It did not start; nothing of it is left.</exception>
    /// <exception cref="LinuxException">The launcher itself could not be run.</exception>
    public static LauncherProcess Start(string launcherPath, LaunchPlan plan, bool attach)
    {
        using var planFile = MemoryFile.Create("plan", plan.Encode());
        PipeEnd.Create(out var status, out var statusWriter);
        PipeEnd? output = null, outputWriter = null, error = null, errorWriter = null;
        using var nothing = NullDevice.Open();
        List<(FileDescriptor, int)> descriptors = [(nothing, 0), (nothing, 1), (nothing, 2), (planFile, 3), (statusWriter, 4)];
        if (attach)
        {
            PipeEnd.Create(out output, out outputWriter);
            PipeEnd.Create(out error, out errorWriter);
            descriptors.AddRange([(outputWriter, 5), (errorWriter, 6)]);
        }

        var hasStarted = false;
        try
        {
            // The launcher forks its supervisor and ends at once: nothing is left for this process to wait for later.
            var child = ChildProcess.Spawn(launcherPath, [launcherPath, "supervise"], descriptors);
            statusWriter.Dispose();
            outputWriter?.Dispose();
            errorWriter?.Dispose();
            var code = ChildProcess.Wait(child);
            var message = StatusPipe.Read(status, out var text);
            StatusPipe.ThrowUnlessStarted(message, text, () => $"the launcher {launcherPath} ended with code {code} and said nothing");
            hasStarted = true;
            return new LauncherProcess(status, message.Value, output, error);
        }
        finally
        {
            statusWriter.Dispose();
            outputWriter?.Dispose();
            errorWriter?.Dispose();
            if (!hasStarted)
            {
                status.Dispose();
                output?.Dispose();
                error?.Dispose();
            }
        }
    }

    /// <summary>Waits until the container has ended and its supervisor has undone what it made.</summary>
    /// <returns>Null when the supervisor itself was killed.</returns>
    public ExitRecord? WaitForExit()
    {
        var message = StatusPipe.Read(_status, out _);
        return message.Kind == StatusKind.Exited ? message.ToExitRecord() : null;
    }

    public void Dispose()
    {
        _status.Dispose();
        StandardOutput?.Dispose();
        StandardError?.Dispose();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
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
            var message = ReadMessage(status, out var text);
            ThrowUnlessStarted(launcherPath, code, message, text);
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
        var message = ReadMessage(_status, out _);
        return message.Kind == StatusKind.Exited ? message.ToExitRecord() : null;
    }

    public void Dispose()
    {
        _status.Dispose();
        StandardOutput?.Dispose();
        StandardError?.Dispose();
    }

    private static void ThrowUnlessStarted(string launcherPath, int code, StatusMessage message, string text)
    {
        if (message.Kind == StatusKind.Failed)
        {
            throw new LaunchFailedException(text, (StepKind)message.Detail, (Errno)message.Value);
        }

        if (message.Kind != StatusKind.Started)
        {
            throw new LaunchFailedException(
                $"the launcher {launcherPath} ended with code {code} and said nothing", StepKind.None, Errno.EPIPE);
        }
    }

    // A message is at most PIPE_BUF bytes, written at once; the head says how much text follows.
    private static StatusMessage ReadMessage(PipeEnd pipe, out string text)
    {
        Span<byte> head = stackalloc byte[Unsafe.SizeOf<StatusMessage>()];
        text = "";
        if (!TryFill(pipe, head))
        {
            return default;
        }

        var message = MemoryMarshal.Read<StatusMessage>(head);
        if (message.TextLength is > 0 and <= StatusMessage.MaximumText)
        {
            Span<byte> bytes = stackalloc byte[message.TextLength];
            if (!TryFill(pipe, bytes))
            {
                return default;
            }

            text = Encoding.UTF8.GetString(bytes);
        }

        return message;
    }

    private static bool TryFill(PipeEnd pipe, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = pipe.Read(buffer);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
        }

        return true;
    }
}

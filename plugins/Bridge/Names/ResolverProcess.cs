using System.Text;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Bridge.Names;

/// <summary>The process that answers for the names of one network, in the host's namespace. It outlives this one.</summary>
internal static class ResolverProcess
{
    private const string Program = "psc-resolver";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether one runs: it holds a lock for as long as it does.</summary>
    internal static bool IsRunning(string directory)
    {
        var path = LockPath(directory);
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = LockFile.Open(path);
        return !file.TryLock(isShared: true);
    }

    /// <summary>Starts one unless one runs, and waits until it answers. To be called under the lock of the names.</summary>
    internal static void Ensure(string pluginDirectory, string directory, CancellationToken cancellation)
    {
        if (IsRunning(directory))
        {
            return;
        }

        var program = Path.Combine(pluginDirectory, Program);
        if (!File.Exists(program))
        {
            throw new DriverException($"{program}, which answers for names, is not there", DriverErrorKind.Unavailable);
        }

        PipeEnd.Create(out var answers, out var itsEnd);
        int pid;
        using (itsEnd)
        {
            pid = ChildProcess.Spawn(program, [program, directory], [(itsEnd, 1)]);
        }

        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new Thread(() => Follow(pid, answers, answer)) { IsBackground = true, Name = Program };
        waiting.Start();
        if (!answer.Task.Wait((int)_patience.TotalMilliseconds, cancellation))
        {
            throw new DriverException(
                $"{Program} for {directory} did not answer in {_patience.TotalSeconds} seconds", DriverErrorKind.Failed);
        }

        if (answer.Task.Result != "ready")
        {
            const string error = "error ";
            var reason = answer.Task.Result;
            throw new DriverException(
                $"{Program} for {directory}: {(reason.StartsWith(error, StringComparison.Ordinal) ? reason[error.Length..] : reason)}",
                DriverErrorKind.Failed);
        }
    }

    /// <summary>Waits a little for the end of one that has no names any more, so that nobody finds it in his way.</summary>
    internal static void WaitForEnd(string directory, CancellationToken cancellation)
    {
        for (var pause = 1; pause <= 256 && IsRunning(directory); pause *= 2)
        {
            cancellation.WaitHandle.WaitOne(pause);
        }
    }

    // Reads the one line it says, and then collects it whenever it ends: nobody else would.
    private static void Follow(int pid, PipeEnd answers, TaskCompletionSource<string> answer)
    {
        using (answers)
        {
            var text = new byte[1024];
            var length = 0;
            try
            {
                while (length < text.Length && !text.AsSpan(0, length).Contains((byte)'\n')
                    && answers.Read(text.AsSpan(length)) is > 0 and var read)
                {
                    length += read;
                }

                var line = Encoding.UTF8.GetString(text, 0, length).TrimEnd('\n');
                answer.TrySetResult(line.Length == 0 ? "it ended without a word" : line);
            }
            catch (LinuxException e)
            {
                answer.TrySetResult(e.Message);
            }
        }

        try
        {
            ChildProcess.Wait(pid);
        }
        catch (LinuxException)
        {
            // Somebody else collected it.
        }
    }

    private static string LockPath(string directory) => Path.Combine(directory, "lock");
}

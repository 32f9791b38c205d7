using System.Buffers;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Processes;

namespace PsContainers.Plugins.Cni;

/// <summary>Runs a CNI plugin once: it reads its configuration, writes its result, and ends.</summary>
/// <remarks>On the calling thread, and so in its network namespace.</remarks>
internal static class CniProcess
{
    private const int LargestOutput = 1024 * 1024;
    private const int SigKill = 9;

    /// <param name="environment"><c>NAME=value</c> each, besides PATH.</param>
    /// <param name="named">The plugin and its command, in messages.</param>
    /// <exception cref="DriverException">It could not be started, does not end in time, or writes too much: then it was killed.</exception>
    public static CniOutcome Run(
        string program, IReadOnlyList<string> environment, byte[] input, string named, Deadline deadline, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        PipeEnd.Create(out var output, out var childOutput);
        PipeEnd.Create(out var error, out var childError);
        PipeEnd.Create(out var stopped, out var stop);
        using (output)
        using (error)
        using (stopped)
        using (stop)
        {
            int code;
            var child = Spawn(program, environment, input, named, childOutput, childError);
            var reading = new Reading(output, error);
            string? breach = "was given up";
            try
            {
                using var process = PidFd.Open(child);
                using var canceling = cancellation.Register(stop.Dispose);
                breach = reading.Until(process, stopped, deadline);
            }
            finally
            {
                // Of one that ended by itself nothing is killed: what it may have left running is part of its work.
                if (breach is not null || cancellation.IsCancellationRequested)
                {
                    ChildProcess.SignalGroup(child, SigKill);
                }

                code = ChildProcess.Wait(child);
            }

            cancellation.ThrowIfCancellationRequested();
            return breach is null
                ? new CniOutcome(code, reading.Output, $"{reading.Words}")
                : throw new DriverException($"{named} {breach}{reading.Words}", DriverErrorKind.Unavailable);
        }
    }

    private static int Spawn(
        string program, IReadOnlyList<string> environment, byte[] input, string named, PipeEnd childOutput, PipeEnd childError)
    {
        try
        {
            using var file = MemoryFile.Create("cni", input);
            return ChildProcess.Spawn(
                SessionBound.Command(program, [])[0],
                SessionBound.Command(program, []),
                [(file, 0), (childOutput, 1), (childError, 2)],
                environment: [SessionBound.Path, .. environment],
                directory: "/");
        }
        catch (LinuxException e)
        {
            throw new DriverException($"{named} could not be started: {e.Message}", DriverErrorKind.Unavailable, cause: e);
        }
        finally
        {
            childOutput.Dispose();
            childError.Dispose();
        }
    }

    /// <summary>What a process writes, until it ends.</summary>
    private sealed class Reading(PipeEnd output, PipeEnd error)
    {
        private readonly ArrayBufferWriter<byte> _output = new();
        private readonly byte[] _buffer = new byte[64 * 1024];
        private PipeEnd? _openOutput = output;
        private PipeEnd? _openError = error;

        public byte[] Output => _output.WrittenSpan.ToArray();

        public LastWords Words { get; } = new();

        /// <returns>What it did wrong; null when it ended by itself, or was told to stop.</returns>
        public string? Until(PidFd process, PipeEnd stopped, Deadline deadline)
        {
            var began = deadline.Remaining;
            while (true)
            {
                var ready = Readiness.Wait([_openOutput, _openError, process, stopped], deadline.Remaining);
                if (ready == 0)
                {
                    return $"did not end within {began.TotalSeconds:0.#} seconds";
                }

                if (!TryTake(ready))
                {
                    return $"wrote more than {LargestOutput} bytes";
                }

                if ((ready & 8) != 0)
                {
                    return null;
                }

                if ((ready & 4) != 0)
                {
                    return Drain();
                }
            }
        }

        // What is there; a pipe that a child of the child keeps open never ends.
        private string? Drain()
        {
            while (Readiness.Wait([_openOutput, _openError], TimeSpan.Zero) is var ready and not 0)
            {
                if (!TryTake(ready))
                {
                    return $"wrote more than {LargestOutput} bytes";
                }
            }

            return null;
        }

        private bool TryTake(int ready)
        {
            if ((ready & 2) != 0)
            {
                var read = _openError!.Read(_buffer);
                Words.Add(_buffer.AsSpan(0, read));
                _openError = read == 0 ? null : _openError;
            }

            if ((ready & 1) != 0)
            {
                var read = _openOutput!.Read(_buffer);
                _output.Write(_buffer.AsSpan(0, read));
                _openOutput = read == 0 ? null : _openOutput;
            }

            return _output.WrittenCount <= LargestOutput;
        }
    }
}

/// <summary>How a plugin ended.</summary>
/// <param name="Code">Its exit code, or 128 and the signal that ended it.</param>
/// <param name="Words">The end of its standard error, fit to end a message with.</param>
internal sealed record CniOutcome(int Code, byte[] Output, string Words);

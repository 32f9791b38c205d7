using System.IO.Pipelines;

namespace PsContainers.Plugins.Processes;

/// <summary>Passes what a process writes on to its multiplexed connection.</summary>
internal sealed class RpcOutput : IProcessOutput
{
    // Answers of several calls at once, and the frames around them.
    private const long Allowance = 4 * JsonLines.LongestLine;

    // Nobody is made to wait: the allowance is the bound.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private long _remaining = Allowance;

    public Stream Stream => _pipe.Reader.AsStream();

    /// <summary>A call begins: its answer may be as long as any.</summary>
    public void Allow() => Interlocked.Exchange(ref _remaining, Allowance);

    public string? Take(ReadOnlySpan<byte> bytes)
    {
        if (Interlocked.Add(ref _remaining, -bytes.Length) < 0)
        {
            return $"wrote more than {Allowance} bytes at once";
        }

        bytes.CopyTo(_pipe.Writer.GetSpan(bytes.Length));
        _pipe.Writer.Advance(bytes.Length);
        return _pipe.Writer.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted ? "broke the connection" : null;
    }

    public void End() => _pipe.Writer.Complete();
}

using System.Text;

namespace PsContainers.Fuzz.Targets;

/// <summary>A connection in memory: takes a request, gives an answer, closes.</summary>
/// <param name="answer">Told the head of the request, gives the answer.</param>
internal sealed class ScriptedStream(Func<string, byte[]> answer) : Stream
{
    private const byte Handshake = 0x16;

    private readonly StringBuilder _head = new();
    private readonly TaskCompletionSource<byte[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_answer.Task.IsCompleted)
        {
            return;
        }

        // Nobody here speaks TLS.
        if (_head.Length == 0 && buffer is [Handshake, ..])
        {
            _answer.TrySetResult([]);
            return;
        }

        _head.Append(Encoding.Latin1.GetString(buffer));
        if (_head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            _answer.TrySetResult(answer(_head.ToString()));
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await _answer.Task.WaitAsync(cancellationToken);
        var count = Math.Min(buffer.Length, bytes.Length - _given);
        bytes.AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _answer.TrySetResult([]);
        base.Dispose(disposing);
    }
}

using System.Buffers;
using System.Text;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Processes;

/// <summary>Cuts what a process writes into lines, and hands the one over that is waited for.</summary>
internal sealed class JsonLines : IProcessOutput
{
    public const int LongestLine = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<byte[]?>? _awaited;
    private bool _hasEnded;

    /// <summary>The next line; null when the process ends before.</summary>
    public Task<byte[]?> Next()
    {
        lock (_gate)
        {
            _awaited = new TaskCompletionSource<byte[]?>();
            if (_hasEnded)
            {
                _awaited.SetResult(null);
            }

            return _awaited.Task;
        }
    }

    public string? Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            _line.Write(bytes[..end]);
            bytes = bytes[(end + 1)..];
            if (_line.WrittenCount > LongestLine)
            {
                break;
            }

            if (!TryHandOver())
            {
                var shown = Encoding.UTF8.GetString(_line.WrittenSpan[..Math.Min(_line.WrittenCount, 512)]);
                return $"wrote to its standard output without being asked: {Abridged.Of(shown)}";
            }

            _line.ResetWrittenCount();
        }

        _line.Write(bytes);
        return _line.WrittenCount > LongestLine ? $"wrote a line of more than {LongestLine} bytes" : null;
    }

    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _awaited?.TrySetResult(null);
        }
    }

    private bool TryHandOver()
    {
        TaskCompletionSource<byte[]?>? awaited;
        lock (_gate)
        {
            awaited = _awaited;
            _awaited = null;
        }

        return awaited?.TrySetResult(_line.WrittenSpan.ToArray()) ?? false;
    }
}

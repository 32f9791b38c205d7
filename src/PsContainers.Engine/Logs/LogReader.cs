using Microsoft.Win32.SafeHandles;

namespace PsContainers.Engine.Logs;

/// <summary>Reads a container's log from its oldest file to its end, and on from there.</summary>
internal sealed class LogReader : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly LogFiles _files;
    private readonly LogParser _parser;
    private readonly Queue<SafeFileHandle> _pending;
    private readonly byte[] _buffer = new byte[BufferSize];
    private SafeFileHandle? _current;
    private long _position;

    public LogReader(string path, string container)
    {
        _files = new LogFiles(path);
        _parser = new LogParser(container);
        _pending = new Queue<SafeFileHandle>(_files.OpenAll());
        _pending.TryDequeue(out _current);
    }

    /// <summary>Reads on, into the queue; false when there is nothing more at the moment.</summary>
    public bool Read(Queue<ContainerLogEntry> entries)
    {
        while (true)
        {
            _current ??= _pending.TryDequeue(out var first) ? first : _files.OpenOldest();
            if (_current is null)
            {
                return false;
            }

            var read = RandomAccess.Read(_current, _buffer, _position);
            if (read > 0)
            {
                _position += read;
                _parser.Add(_buffer.AsSpan(0, read), entries);
                return true;
            }

            var next = _pending.TryDequeue(out var pending) ? pending : _files.OpenNext(_current);
            if (next is null)
            {
                return false;
            }

            // The file may have grown between our last read and its rotation; after it, it never does.
            if (pending is null && RandomAccess.GetLength(_current) > _position)
            {
                next.Dispose();
                continue;
            }

            _current.Dispose();
            _current = next;
            _position = 0;
        }
    }

    public void End(Queue<ContainerLogEntry> entries) => _parser.End(entries);

    public void Dispose()
    {
        _current?.Dispose();
        foreach (var file in _pending)
        {
            file.Dispose();
        }
    }
}

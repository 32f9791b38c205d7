using System.Buffers;
using System.Text;

namespace PsContainers.Engine.Logs;

/// <summary>Puts the parts of log lines together to the lines that the container wrote, across reads and rotated files.</summary>
internal sealed class LogParser(string container)
{
    private readonly ArrayBufferWriter<byte> _carried = new();
    private readonly Begun[] _begun = [new(OutputStream.StandardOutput), new(OutputStream.StandardError)];

    /// <summary>Takes what was read, and gives every line that it completes.</summary>
    public void Add(ReadOnlySpan<byte> bytes, Queue<ContainerLogEntry> entries)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            if (_carried.WrittenCount > 0)
            {
                _carried.Write(bytes[..end]);
                AddLine(_carried.WrittenSpan, entries);
                _carried.ResetWrittenCount();
            }
            else
            {
                AddLine(bytes[..end], entries);
            }

            bytes = bytes[(end + 1)..];
        }

        _carried.Write(bytes);
    }

    /// <summary>Gives what the container began and never ended with a line end.</summary>
    public void End(Queue<ContainerLogEntry> entries)
    {
        foreach (var begun in _begun)
        {
            if (begun.Time is { } time)
            {
                entries.Enqueue(Entry(begun.Stream, time, begun.Take()));
            }
        }
    }

    private void AddLine(ReadOnlySpan<byte> bytes, Queue<ContainerLogEntry> entries)
    {
        if (!LogLine.TryParse(bytes, out var line))
        {
            return;
        }

        var begun = _begun[line.Stream == OutputStream.StandardOutput ? 0 : 1];
        if (line.IsPart)
        {
            begun.Add(line);
        }
        else if (begun.Time is { } time)
        {
            begun.Add(line);
            entries.Enqueue(Entry(line.Stream, time, begun.Take()));
        }
        else
        {
            entries.Enqueue(Entry(line.Stream, line.Time, Encoding.UTF8.GetString(line.Text)));
        }
    }

    private ContainerLogEntry Entry(OutputStream stream, DateTime time, string text) =>
        new() { Container = container, Timestamp = time.ToLocalTime(), Stream = stream, Text = text };

    /// <summary>A line of one stream that has begun; bytes, since a part may end inside a character.</summary>
    private sealed class Begun(OutputStream stream)
    {
        private readonly ArrayBufferWriter<byte> _text = new();

        public OutputStream Stream => stream;

        public DateTime? Time { get; private set; }

        public void Add(LogLine line)
        {
            Time ??= line.Time;
            _text.Write(line.Text);
        }

        public string Take()
        {
            var text = Encoding.UTF8.GetString(_text.WrittenSpan);
            _text.ResetWrittenCount();
            Time = null;
            return text;
        }
    }
}

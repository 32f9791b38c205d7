using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;

namespace PsContainers.Host.Hosting;

/// <summary>
/// What is in progress, each a line at the terminal's bottom with its parts below it; wiped before anything else is written, and drawn
/// again with the next record.
/// </summary>
/// <remarks>A record is known by its activity alone: each call of Write-Progress is a source of its own.</remarks>
internal sealed class ProgressLines(ConsoleStreams streams)
{
    private const string EraseLine = "\e[K";
    private const string EraseBelow = "\r\e[J";

    private readonly List<ProgressRecord> _records = [];

    // Rows of the terminal that are drawn; the cursor is in the last one.
    private int _rows;

    public void Show(ProgressRecord record, Size window)
    {
        if (streams.IsErrorTerminal)
        {
            Keep(record);
            Draw(window);
        }
    }

    /// <summary>Wipes the lines.</summary>
    public void Clear()
    {
        if (_rows > 0)
        {
            streams.Error.Write(ToFirstRow() + EraseBelow);
            _rows = 0;
        }
    }

    /// <summary>Wipes the lines and forgets what they told of: the command has ended, whatever it still had in progress.</summary>
    public void End()
    {
        Clear();
        _records.Clear();
    }

    private void Keep(ProgressRecord record)
    {
        var index = _records.FindIndex(known => known.ActivityId == record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _records.RemoveAll(known => known.ActivityId == record.ActivityId || known.ParentActivityId == record.ActivityId);
        }
        else if (index < 0)
        {
            _records.Add(record);
        }
        else
        {
            _records[index] = record;
        }
    }

    private void Draw(Size window)
    {
        var lines = Lines();
        var room = Math.Max(1, window.Height - 1);
        if (lines.Count > room)
        {
            lines = [.. lines[..(room - 1)], $"… and {lines.Count - room + 1} more"];
        }

        if (lines.Count < _rows || lines.Count == 0)
        {
            Clear();
        }

        // One write, so that nothing flickers.
        var text = new StringBuilder(_rows > 0 ? ToFirstRow() + "\r" : "");
        text.AppendJoin('\n', lines.Select(line => (line.Length < window.Width ? line : line[..(window.Width - 1)]) + EraseLine));
        streams.Error.Write(text.ToString());
        _rows = lines.Count;
    }

    private string ToFirstRow() => _rows > 1 ? $"\e[{_rows - 1}A" : "";

    // Each with its parts behind it; a part whose whole nobody has told of stands by itself.
    private List<string> Lines()
    {
        var lines = new List<string>();
        foreach (var root in _records.Where(known => !_records.Any(other => IsPart(known, other))))
        {
            lines.Add(TextOf(root));
            lines.AddRange(_records.Where(other => IsPart(other, root)).Select(part => $"  {TextOf(part)}"));
        }

        return lines;
    }

    private static bool IsPart(ProgressRecord part, ProgressRecord whole) => part.ParentActivityId == whole.ActivityId;

    private static string TextOf(ProgressRecord record)
    {
        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : "";
        return $"{record.Activity}: {record.StatusDescription}{percent} {record.CurrentOperation}".TrimEnd();
    }
}

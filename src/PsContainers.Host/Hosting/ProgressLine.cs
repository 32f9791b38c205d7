using System.Management.Automation;

namespace PsContainers.Host.Hosting;

/// <summary>The last progress record as one line at the terminal's bottom, wiped before anything else is written.</summary>
internal sealed class ProgressLine(ConsoleStreams streams)
{
    private bool _isShown;

    public void Show(ProgressRecord record, int width)
    {
        // One line has no room for the parts of what it tells of.
        if (!streams.IsErrorTerminal || record.ParentActivityId >= 0)
        {
            return;
        }

        Clear();
        if (record.RecordType == ProgressRecordType.Completed)
        {
            return;
        }

        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : "";
        var text = $"{record.Activity}: {record.StatusDescription}{percent} {record.CurrentOperation}".TrimEnd();
        streams.Error.Write(text.Length < width ? text : text[..(width - 1)]);
        _isShown = true;
    }

    public void Clear()
    {
        if (_isShown)
        {
            streams.Error.Write("\r\e[K");
            _isShown = false;
        }
    }
}

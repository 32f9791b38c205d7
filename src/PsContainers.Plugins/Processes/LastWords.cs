using System.Text;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Processes;

/// <summary>The end of what a process wrote to its standard error.</summary>
internal sealed class LastWords
{
    private const int Kept = 2048;
    private const int Lines = 3;
    private readonly Lock _gate = new();
    private byte[] _end = [];

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            byte[] all = [.. _end, .. bytes];
            _end = all.Length <= Kept ? all : all[^Kept..];
        }
    }

    /// <summary>The last lines, fit to end a message with; nothing when there are none.</summary>
    public override string ToString()
    {
        string text;
        lock (_gate)
        {
            text = Encoding.UTF8.GetString(_end);
        }

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(Lines).ToList();
        return lines.Count == 0 ? "" : "; its standard error ends: " + string.Join(" | ", lines.Select(line => Abridged.Of(line)));
    }
}

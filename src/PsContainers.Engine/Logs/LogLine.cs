using System.Globalization;
using System.Text;

namespace PsContainers.Engine.Logs;

/// <summary>One line of a log file: a whole line of the container's, or a part of one.</summary>
internal readonly ref struct LogLine
{
    // 2026-11-24T14:09:00.123456789Z stdout F text
    // 0                             30     37
    private const int TimeLength = 30;
    private const int TextStart = 39;
    private const int NanosecondsPerTick = 100;

    private LogLine(DateTime time, OutputStream stream, bool isPart, ReadOnlySpan<byte> text)
    {
        Time = time;
        Stream = stream;
        IsPart = isPart;
        Text = text;
    }

    /// <summary>In UTC, to a tick of 100 ns.</summary>
    public DateTime Time { get; }

    public OutputStream Stream { get; }

    /// <summary>The container's line goes on in the next log line of the same stream.</summary>
    public bool IsPart { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Fails for what the supervisor never writes whole: a line that a power cut tore.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        if (line.Length < TextStart || line[TimeLength] != ' ' || line[37] != ' ' || line[38] is not ((byte)'F' or (byte)'P'))
        {
            return false;
        }

        // The blank before the text belongs to the format; an empty line may have lost it.
        if (line.Length > TextStart && line[TextStart] != ' ')
        {
            return false;
        }

        var name = line[(TimeLength + 1)..37];
        var stream = name.SequenceEqual("stdout"u8) ? OutputStream.StandardOutput
            : name.SequenceEqual("stderr"u8) ? OutputStream.StandardError
            : 0;
        if (stream == 0 || !TryParseTime(line[..TimeLength], out var time))
        {
            return false;
        }

        var text = line.Length > TextStart ? line[(TextStart + 1)..] : default;
        parsed = new LogLine(time, stream, line[38] == 'P', text);
        return true;
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        Span<char> seconds = stackalloc char[19];
        if (text[19] != '.' || text[29] != 'Z' || Encoding.ASCII.GetChars(text[..19], seconds) != 19)
        {
            return false;
        }

        if (!DateTime.TryParseExact(
            seconds, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
        {
            return false;
        }

        if (!int.TryParse(text[20..29], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds))
        {
            return false;
        }

        time = time.AddTicks(nanoseconds / NanosecondsPerTick);
        return true;
    }
}

using System.Text;

namespace PsContainers.Engine.Tests.Logs;

/// <summary>Lines as a supervisor writes them into a log file.</summary>
internal static class LogText
{
    internal static string Line(string text, string stream = "stdout", char tag = 'F', int second = 0) =>
        $"2026-11-24T14:09:{second:00}.123456789Z {stream} {tag} {text}\n";

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A line whose text is not a whole number of characters.</summary>
    internal static byte[] Line(ReadOnlySpan<byte> text, char tag) => [.. Bytes(Line("", tag: tag))[..^1], .. text, (byte)'\n'];
}

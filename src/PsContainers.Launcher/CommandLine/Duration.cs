using System.Buffers;
using System.Globalization;

namespace PsContainers.Launcher.CommandLine;

/// <summary>A span of time as Go programs write it: <c>5s</c>, <c>1m30s</c>, <c>500ms</c>.</summary>
internal static class Duration
{
    private static readonly SearchValues<char> _number = SearchValues.Create("0123456789.");

    internal static TimeSpan Parse(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(_number);
            var letters = digits <= 0 ? -1 : rest[digits..].IndexOfAny(_number);
            var unit = digits <= 0 ? "" : letters < 0 ? rest[digits..] : rest.Slice(digits, letters);
            var seconds = unit switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, "ns" => 1e-9, _ => 0 };
            if (seconds == 0
                || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || (seconds * number) + total.TotalSeconds > TimeSpan.MaxValue.TotalSeconds / 2)
            {
                throw new CommandLineException($"'{text}' is no span of time such as 5s");
            }

            total += TimeSpan.FromSeconds(seconds * number);
            rest = rest[(digits + unit.Length)..];
        }

        return total > TimeSpan.Zero ? total : throw new CommandLineException($"'{text}' is no span of time such as 5s");
    }
}

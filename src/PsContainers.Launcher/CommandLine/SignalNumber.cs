using System.Globalization;

namespace PsContainers.Launcher.CommandLine;

/// <summary>A signal as it is written on a command line: <c>TERM</c>, <c>SIGTERM</c>, <c>15</c>, <c>RTMIN+3</c>. signal(7)</summary>
internal static class SignalNumber
{
    private const int LastSignal = 64;
    private const int FirstRealTime = 34; // SIGRTMIN of the C library

    // From 1 on; x86-64 and arm64 share these numbers.
    private static readonly string[] _names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD",
        "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    internal static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is >= 0 and <= LastSignal ? number : throw Unknown(text);
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        var index = Array.IndexOf(_names, name switch { "IOT" => "ABRT", "POLL" => "IO", "CLD" => "CHLD", _ => name });
        if (index >= 0)
        {
            return index + 1;
        }

        return RealTime(name, "RTMIN", FirstRealTime, 1) ?? RealTime(name, "RTMAX", LastSignal, -1) ?? throw Unknown(text);
    }

    private static int? RealTime(string name, string from, int number, int direction)
    {
        if (!name.StartsWith(from, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = name[from.Length..];
        if (rest.Length == 0)
        {
            return number;
        }

        return rest[0] == (direction > 0 ? '+' : '-')
            && int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && number + (direction * offset) is >= FirstRealTime and <= LastSignal and var signal
            ? signal
            : null;
    }

    private static CommandLineException Unknown(string text) => new($"'{text}' is no signal");
}

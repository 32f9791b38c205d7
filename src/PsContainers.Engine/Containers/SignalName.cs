using System.Globalization;

namespace PsContainers.Engine.Containers;

/// <summary>
/// Signals as users name them: <c>SIGTERM</c>, <c>TERM</c>, <c>15</c>, <c>SIGRTMIN+3</c>. signal(7); x86-64 and arm64 number them alike.
/// </summary>
public static class SignalName
{
    // The C library keeps the first two real-time signals of the kernel's 32 for itself.
    private const int RealTimeMinimum = 34;
    private const int RealTimeMaximum = 64;

    private static readonly string[] _names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The names without <c>SIG</c>, real-time signals left out, in the order of their numbers from 1 on.</summary>
    public static IReadOnlyList<string> All => _names[1..];

    /// <summary>The number of a signal; null when there is none of that name.</summary>
    public static int? Find(string text)
    {
        var name = text.ToUpperInvariant();
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= RealTimeMaximum ? number : null;
        }

        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        var at = name.Length == 0 ? -1 : Array.IndexOf(_names, name);
        return at > 0 ? at : RealTime(name);
    }

    private static int? RealTime(string name) => name switch
    {
        "RTMIN" => RealTimeMinimum,
        "RTMAX" => RealTimeMaximum,
        _ when name.StartsWith("RTMIN+", StringComparison.Ordinal) => Offset(name) is { } up ? RealTimeMinimum + up : null,
        _ when name.StartsWith("RTMAX-", StringComparison.Ordinal) => Offset(name) is { } down ? RealTimeMaximum - down : null,
        _ => null,
    };

    private static int? Offset(string name) =>
        int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && offset <= RealTimeMaximum - RealTimeMinimum
            ? offset
            : null;
}

using System.Globalization;

namespace PsContainers.Engine.Containers;

/// <summary>
/// Signals as images name them: <c>SIGTERM</c>, <c>TERM</c>, <c>15</c>, <c>SIGRTMIN+3</c>. signal(7); x86-64 and arm64 number them alike.
/// </summary>
internal static class StopSignal
{
    public const int Kill = 9;
    public const int Terminate = 15;

    // The C library keeps the first two real-time signals of the kernel's 32 for itself.
    private const int RealTimeMinimum = 34;
    private const int RealTimeMaximum = 64;

    private static readonly string[] _names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The number; SIGTERM when there is no name, or one that nobody knows: an odd image can be stopped all the same.</summary>
    public static int Parse(string? text)
    {
        var name = text is null ? "" : text.ToUpperInvariant();
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= RealTimeMaximum ? number : Terminate;
        }

        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        var at = name.Length == 0 ? -1 : Array.IndexOf(_names, name);
        return at > 0 ? at : RealTime(name) ?? Terminate;
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

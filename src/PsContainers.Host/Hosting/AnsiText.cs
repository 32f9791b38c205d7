namespace PsContainers.Host.Hosting;

/// <summary>Colors for terminals (ECMA-48 select graphic rendition).</summary>
internal static class AnsiText
{
    public const string Red = "\e[31;1m";
    public const string Yellow = "\e[33;1m";
    private const string Reset = "\e[0m";

    /// <summary>The text in a color, or as it is where no terminal reads it.</summary>
    public static string For(bool isTerminal, string color, string text) =>
        isTerminal && color.Length > 0 && !IsColorRefused ? color + text + Reset : text;

    // https://no-color.org
    private static bool IsColorRefused => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    /// <summary>Black on gray is what a host without own colors reports, so that pair means: no color was asked for.</summary>
    public static string OfColors(ConsoleColor foreground, ConsoleColor background) =>
        (foreground, background) switch
        {
            (ConsoleColor.Gray, ConsoleColor.Black) => "",
            (_, ConsoleColor.Black) => $"\e[{30 + CodeOf(foreground)}m",
            (ConsoleColor.Gray, _) => $"\e[{40 + CodeOf(background)}m",
            _ => $"\e[{30 + CodeOf(foreground)};{40 + CodeOf(background)}m",
        };

    // ConsoleColor counts blue, green, red by bits; ECMA-48 red, green, blue; the bright ones lie 60 higher.
    private static int CodeOf(ConsoleColor color)
    {
        var bits = (int)color;
        var code = ((bits & 4) >> 2) | (bits & 2) | ((bits & 1) << 2);
        return bits >= 8 ? code + 60 : code;
    }
}

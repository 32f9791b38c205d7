using System.Text;

namespace PsContainers.Plugins.Json;

/// <summary>Foreign text made fit for a message: short, in one line, and without what a terminal would obey.</summary>
internal static class Abridged
{
    public const int LongestMessage = 1000;

    private const int Longest = 160;

    public static string Of(string text) => Of(text, Longest);

    public static string Of(string text, int longest)
    {
        var shown = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var letter in text)
        {
            if (shown.Length == longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return shown.ToString();
    }
}

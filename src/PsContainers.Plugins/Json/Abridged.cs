using System.Text;

namespace PsContainers.Plugins.Json;

/// <summary>Foreign text made fit for a message: short, in one line, and without what a terminal would obey.</summary>
internal static class Abridged
{
    private const int Longest = 160;

    public static string Of(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var letter in text)
        {
            if (shown.Length == Longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return shown.ToString();
    }
}

using System.Globalization;
using System.Text;

namespace PsContainers.Images;

/// <summary>Text with a stranger's words in it, made fit for a terminal and a log.</summary>
public static class ForeignText
{
    // Room for two paths and a digest; a name in an archive may have a million bytes.
    private const int MaximumLength = 1500;

    /// <summary>One line without characters that steer a terminal; a long one loses its middle, for the cause is at the end.</summary>
    public static string Readable(string text)
    {
        var shortened = text.Length <= MaximumLength ? text : $"{text[..(MaximumLength / 2)]} … {text[^(MaximumLength / 2)..]}";
        var readable = new StringBuilder(shortened.Length);
        for (ReadOnlySpan<char> rest = shortened; !rest.IsEmpty;)
        {
            // A lone surrogate is a byte that is not UTF-8, or half of what was cut.
            var isRune = Rune.DecodeFromUtf16(rest, out var rune, out var consumed) == System.Buffers.OperationStatus.Done;
            if (isRune && !IsSteering(rune))
            {
                readable.Append(rest[..consumed]);
            }
            else
            {
                foreach (var unit in rest[..consumed])
                {
                    readable.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }

            rest = rest[consumed..];
        }

        return readable.ToString();
    }

    // Escapes, line ends, and what turns the direction of writing.
    private static bool IsSteering(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

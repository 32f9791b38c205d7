using System.Globalization;
using System.Management.Automation.Internal;
using System.Text;

namespace PsContainers.Host.Prompt;

/// <summary>How many columns of a terminal a text takes.</summary>
internal static class CellWidth
{
    public static int Of(string text)
    {
        var plain = new StringDecorated(text).ToString(System.Management.Automation.OutputRendering.PlainText);
        var cells = 0;
        foreach (var rune in plain.EnumerateRunes())
        {
            cells += Of(rune);
        }

        return cells;
    }

    /// <summary>Nothing for marks that combine, two for East Asian wide characters and pictures (Unicode annex 11), else one.</summary>
    public static int Of(Rune rune) => rune.Value switch
    {
        _ when IsMark(Rune.GetUnicodeCategory(rune)) => 0,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 => 2,
        >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 => 2,
        >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD => 2,
        _ => 1,
    };

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}

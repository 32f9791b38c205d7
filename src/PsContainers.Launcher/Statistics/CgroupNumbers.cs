using System.Globalization;

namespace PsContainers.Launcher.Statistics;

/// <summary>The numbers in a control group's files; a file that is not there counts nothing.</summary>
internal readonly record struct CgroupNumbers(string? Directory)
{
    /// <summary>`max` and whatever is no number are the largest one.</summary>
    internal ulong Number(string file, ulong otherwise = 0) =>
        Text(file).Trim() is not { Length: > 0 } text ? otherwise : Parse(text);

    /// <summary>`name value` lines.</summary>
    internal Dictionary<string, ulong> Table(string file)
    {
        var table = new Dictionary<string, ulong>();
        foreach (var line in Text(file).Split('\n'))
        {
            if (line.Split(' ') is [var name, var value])
            {
                table[name] = Parse(value);
            }
        }

        return table;
    }

    internal string Text(string file)
    {
        try
        {
            return Directory is null ? "" : File.ReadAllText(Path.Join(Directory, file));
        }
        catch (IOException)
        {
            return "";
        }
    }

    internal static ulong Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : ulong.MaxValue;
}

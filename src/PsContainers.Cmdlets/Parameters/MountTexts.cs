namespace PsContainers.Cmdlets.Parameters;

/// <summary>
/// Puts together what PowerShell took apart: to it <c>-Mount type=bind,source=/srv,target=/x</c> without quotes is a list of three words.
/// </summary>
/// <remarks>Only a word that cannot be a mount by itself is put to the one before: every mount has a target, which is absolute.</remarks>
internal static class MountTexts
{
    // Several of these belong to one mount.
    private static readonly string[] _repeatable = ["volume-opt", "volume-label"];

    public static List<object?> Joined(IEnumerable<object?> items, MountNotation notation)
    {
        var joined = new List<object?>();
        foreach (var item in items)
        {
            if (item is string text && joined is [.., string before] && Continues(before, text, notation))
            {
                joined[^1] = $"{before},{text}";
            }
            else
            {
                joined.Add(item);
            }
        }

        return joined;
    }

    private static bool Continues(string before, string text, MountNotation notation) => notation switch
    {
        MountNotation.Volume => text.AsSpan().IndexOfAny('/', '\\', ':') < 0 && HasOptions(before),
        MountNotation.Tmpfs => text is not ['/', ..] && before.Contains(':', StringComparison.Ordinal),
        _ => !text.Contains(',', StringComparison.Ordinal) && IsNewTo(before, text),
    };

    // data:/d:ro, and not Temp:/here:/d
    private static bool HasOptions(string volume)
    {
        var parts = volume.Split(':');
        return parts.Length > 2 && parts[^1].Length > 0 && parts[^1].AsSpan().IndexOfAny('/', '\\') < 0;
    }

    // A key that comes again begins the next mount.
    private static bool IsNewTo(string before, string pair)
    {
        var key = KeyOf(pair);
        return _repeatable.Contains(key) || !before.Split(',').Select(KeyOf).Contains(key);
    }

    private static string KeyOf(string pair) => ContainerMount.KeyOf(pair.Split('=')[0]);
}

namespace PsContainers.Runtime.Launch;

/// <summary>Words of the specification that stand for numbers of the kernel.</summary>
internal static class SettingNames
{
    /// <summary>The number that a word stands for.</summary>
    internal static uint Number(IReadOnlyDictionary<string, uint> known, string? word, string setting) =>
        word is not null && known.TryGetValue(word, out var number)
            ? number
            : throw new InvalidSettingException(setting, $"'{word}' is none of {string.Join(", ", known.Keys)}");

    /// <summary>The union of the bits that several words stand for.</summary>
    internal static uint Bits(IReadOnlyDictionary<string, uint> known, IReadOnlyList<string>? words, string setting)
    {
        var bits = 0u;
        foreach (var (index, word) in (words ?? []).Index())
        {
            bits |= Number(known, word, $"{setting}[{index}]");
        }

        return bits;
    }
}

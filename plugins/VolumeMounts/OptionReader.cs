using System.Globalization;
using PsContainers.Drivers;

namespace PsContainers.VolumeMounts;

/// <summary>The options of one volume, each read as what it has to be.</summary>
internal sealed class OptionReader
{
    private const int HighestMode = 0xfff; // 07777
    private readonly IReadOnlyDictionary<string, string> _options;

    /// <param name="names">All that the driver knows.</param>
    internal OptionReader(string driver, IReadOnlyDictionary<string, string> options, IReadOnlyCollection<string> names)
    {
        _options = options;
        if (options.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw Refused(unknown, $"the {driver} driver has no option '{unknown}'; it has {string.Join(", ", names)}");
        }
    }

    internal bool Has(string name) => _options.ContainsKey(name);

    internal string? Text(string name) =>
        !_options.TryGetValue(name, out var value) ? null
        : value.Length == 0 ? throw Refused(name, $"option {name} is empty")
        : value.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 ? throw Refused(name, $"option {name} has a control character in it")
        : value;

    /// <summary>A number of a user, a group or of anything else that 32 bits count.</summary>
    internal uint? Number(string name) => Text(name) is not { } text ? null
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number
        : throw Refused(name, $"option {name} is a number from 0 to {uint.MaxValue - 1}, not '{text}'");

    /// <summary>As chmod(1) takes it in digits.</summary>
    internal int? Mode(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var isOctal = text.Length <= 5 && text.All(digit => digit is >= '0' and <= '7');
        var mode = isOctal ? Convert.ToInt32(text, 8) : -1;
        return mode is >= 0 and <= HighestMode ? mode : throw Refused(name, $"option {name} is octal, as 0755, not '{text}'");
    }

    /// <summary>Bytes: a number with k, m, g or t behind it, for powers of 1024, and with or without b or ib behind that.</summary>
    internal long? Size(string name) => Text(name) is not { } text ? null
        : TryParseSize(text) is { } size ? size
        : throw Refused(name, $"option {name} is a size above 0 such as 512m or 10g, not '{text}'");

    internal static DriverException Refused(string name, string message) => new(message, DriverErrorKind.InvalidRequest, $"options.{name}");

    private static long? TryParseSize(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var shift = text[digits..].ToLowerInvariant() switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 10,
            "m" or "mb" or "mib" => 20,
            "g" or "gb" or "gib" => 30,
            "t" or "tb" or "tib" => 40,
            _ => -1,
        };
        return shift >= 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= long.MaxValue >> shift
            ? number << shift
            : null;
    }
}

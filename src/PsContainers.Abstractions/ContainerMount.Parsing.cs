using System.Globalization;
using System.Text;

namespace PsContainers;

/// <content>The notation of <c>docker run --mount</c>: <c>key=value</c> pairs with commas between, quoted as in CSV (RFC 4180).</content>
public sealed partial record ContainerMount
{
    private const string Units = "bkmgt";

    /// <summary>Reads <c>type=bind,source=/srv,target=/data,readonly</c>; without a type it is a volume.</summary>
    /// <exception cref="FormatException">It says what is wrong with <paramref name="text"/>.</exception>
    public static ContainerMount Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var mount = new ContainerMount { Target = "" };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in Fields(text))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? field : field[..equals]).Trim().ToLowerInvariant();
            var value = equals < 0 ? null : field[(equals + 1)..];
            if (key is "volume-opt" or "volume-label")
            {
                AddPair(key == "volume-opt" ? options : labels, Required(text, key, value));
                continue;
            }

            mount = With(mount, text, key, value);
            if (!seen.Add(KeyOf(key)))
            {
                throw new FormatException($"mount '{text}': {key} is given twice");
            }
        }

        // Podman lets a container write beside the files of an image.
        if (mount is { Type: ContainerMountType.Image, ReadOnly: false } && seen.Contains("readonly"))
        {
            throw new FormatException($"mount '{text}': an image is shown read-only");
        }

        return mount.Target.Length > 0
            ? mount with { VolumeOption = options, VolumeLabel = labels }
            : throw new FormatException($"mount '{text}': target is missing");
    }

    private static ContainerMount With(ContainerMount mount, string text, string key, string? value) => KeyOf(key) switch
    {
        "type" => mount with { Type = TypeOf(text, Required(text, key, value)) },
        "source" => mount with { Source = Required(text, key, value) },
        "target" => mount with { Target = Required(text, key, value) },
        "readonly" => mount with { ReadOnly = key == "rw" ? !Switch(text, key, value) : Switch(text, key, value) },
        "bind-recursive" when key == "bind-nonrecursive" =>
            Switch(text, key, value) ? mount with { BindRecursive = "disabled" } : mount,
        "bind-recursive" => mount with { BindRecursive = Required(text, key, value).ToLowerInvariant() },
        "bind-propagation" => mount with { Propagation = Required(text, key, value).ToLowerInvariant() },
        "nosuid" => mount with { NoSuid = Switch(text, key, value) },
        "nodev" => mount with { NoDev = Switch(text, key, value) },
        "noexec" => mount with { NoExec = Switch(text, key, value) },
        "create-source" => mount with { CreateSource = Switch(text, key, value) },
        "idmap" => mount with { IdMap = Switch(text, key, value) },
        "volume-subpath" => mount with { Subpath = Required(text, key, value) },
        "volume-nocopy" => mount with { NoCopy = Switch(text, key, value) },
        "volume-driver" => mount with { VolumeDriver = Required(text, key, value) },
        "tmpfs-size" => mount with { Size = SizeOf(text, key, Required(text, key, value)) },
        "tmpfs-mode" => mount with { Mode = ModeOf(text, key, Required(text, key, value)) },

        // As Docker does on Linux, Podman where SELinux is off, and both with an empty tmpfs.
        "consistency" or "relabel" when value is { Length: > 0 } => mount,
        "notmpcopyup" when value is null => mount,
        _ => throw new FormatException(
            $"mount '{text}': '{key}' is none of type, source, target, readonly, bind-recursive, bind-propagation, nosuid, nodev, noexec, "
            + "create-source, idmap, volume-subpath, image-subpath, volume-nocopy, volume-driver, volume-opt, volume-label, tmpfs-size, "
            + "tmpfs-mode"),
    };

    /// <summary>The key that Docker's and Podman's other words for it stand for.</summary>
    public static string KeyOf(string word) => word?.Trim().ToLowerInvariant() switch
    {
        null => throw new ArgumentNullException(nameof(word)),
        "src" => "source",
        "dst" or "dest" or "destination" => "target",
        "ro" or "rw" => "readonly",
        "bind-nonrecursive" => "bind-recursive",
        "propagation" => "bind-propagation",
        "bind-create-src" or "createsource" => "create-source",
        "subpath" or "image-subpath" => "volume-subpath",
        "nocopy" => "volume-nocopy",
        "size" => "tmpfs-size",
        "mode" => "tmpfs-mode",
        var key => key,
    };

    private static IEnumerable<string> Fields(string text)
    {
        var field = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ',')
            {
                yield return Finish();
            }
            else if (text[i] != '"' || field.Length > 0)
            {
                field.Append(text[i]);
            }
            else
            {
                i = ReadQuoted(text, i + 1, field);
            }
        }

        yield return Finish();

        string Finish()
        {
            var whole = field.ToString();
            field.Clear();
            return whole.Length > 0 ? whole : throw new FormatException($"mount '{text}': nothing stands before a comma or the end");
        }
    }

    // Up to the quote that ends the field; two of them stand for one.
    private static int ReadQuoted(string text, int start, StringBuilder field)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                field.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append(text[i++]);
            }
            else
            {
                return i;
            }
        }

        throw new FormatException($"mount '{text}': a quote is not closed");
    }

    private static void AddPair(Dictionary<string, string> pairs, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        pairs[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
    }

    private static string Required(string text, string key, string? value) =>
        value is { Length: > 0 } given ? given : throw new FormatException($"mount '{text}': {key} needs a value");

    private static bool Switch(string text, string key, string? value) => value?.ToLowerInvariant() switch
    {
        null or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException($"mount '{text}': {key} is true or false, not '{value}'"),
    };

    private static ContainerMountType TypeOf(string text, string value) =>
        Enum.TryParse<ContainerMountType>(value, ignoreCase: true, out var type) && !char.IsAsciiDigit(value[0])
            ? type
            : throw new FormatException($"mount '{text}': the type '{value}' is none of bind, volume, tmpfs, image, devpts");

    private static long SizeOf(string text, string key, string value) =>
        TryParseSize(value, out var bytes)
            ? bytes
            : throw new FormatException($"mount '{text}': {key} '{value}' is not a size such as 64m");

    private static int ModeOf(string text, string key, string value) =>
        TryParseMode(value, out var mode)
            ? mode
            : throw new FormatException($"mount '{text}': {key} '{value}' is not an octal mode such as 1777");

    /// <summary>Bytes, or with one of the units b, k, m, g, t, which are powers of 1024.</summary>
    internal static bool TryParseSize(string value, out long bytes)
    {
        bytes = 0;
        var lower = value.ToLowerInvariant();
        var digits = lower.TrimEnd([.. "ib"]);
        var power = digits.Length > 0 ? Units.IndexOf(digits[^1], StringComparison.Ordinal) : -1;
        var number = power > 0 ? digits[..^1] : digits;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        for (var i = 0; i < power; i++)
        {
            if (amount > long.MaxValue / 1024)
            {
                return false;
            }

            amount *= 1024;
        }

        bytes = amount;
        return true;
    }

    internal static bool TryParseMode(string value, out int mode)
    {
        mode = 0;
        if (value.Length is 0 or > 5 || !value.All(c => c is >= '0' and <= '7'))
        {
            return false;
        }

        mode = Convert.ToInt32(value, 8);
        return mode <= 0xfff;
    }
}

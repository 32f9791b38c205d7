namespace PsContainers;

/// <content>The notation of <c>docker run --volume</c>: <c>[source:]target[:options]</c>.</content>
public sealed partial record ContainerMount
{
    private static readonly string[] _propagations =
        ["private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable"];

    /// <summary>
    /// Reads <c>/srv/data:/data:ro</c>, <c>data:/data</c>, <c>/cache</c>. A source with a slash, or that begins with <c>.</c> or <c>~</c>,
    /// is a path of the host, a word is a volume. <c>Drive:/path:/data</c> is a path of a PowerShell drive.
    /// </summary>
    /// <exception cref="FormatException">It says what is wrong with <paramref name="text"/>.</exception>
    public static ContainerMount ParseVolume(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');

        // C:/x:/y could be a volume C at /x with the option /y, which is none.
        if (parts.Length > 2 && parts[0].Length > 0 && IsAbsolute(parts[1]) && IsAbsolute(parts[2]))
        {
            parts = [$"{parts[0]}:{parts[1]}", .. parts[2..]];
        }

        var (source, target, options) = parts switch
        {
            [var only] => (null, only, ""),
            [var from, var to] => (from, to, ""),
            [var from, var to, var rest] => (from, to, rest),
            _ => throw new FormatException($"volume '{text}' has more than source, target and options"),
        };
        if (source is "" || target is "")
        {
            throw new FormatException($"volume '{text}': {(source is "" ? "the source" : "the target")} is empty");
        }

        var isPath = source is not null && (source.AsSpan().IndexOfAny('/', '\\') >= 0 || source[0] is '.' or '~');
        var mount = new ContainerMount
        {
            Type = isPath ? ContainerMountType.Bind : ContainerMountType.Volume,
            Source = source,
            Target = target,
        };
        return options.Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(mount, (all, option) => WithOption(all, text, option));
    }

    private static ContainerMount WithOption(ContainerMount mount, string text, string option) => option.ToLowerInvariant() switch
    {
        "ro" => mount with { ReadOnly = true },
        "rw" => mount with { ReadOnly = false },
        "rro" => mount with { ReadOnly = true, BindRecursive = "readonly" },
        "bind" => mount with { BindRecursive = "disabled" },
        "rbind" => mount with { BindRecursive = null },
        "nosuid" => mount with { NoSuid = true },
        "nodev" => mount with { NoDev = true },
        "noexec" => mount with { NoExec = true },
        "suid" => mount with { NoSuid = false },
        "dev" => mount with { NoDev = false },
        "exec" => mount with { NoExec = false },
        "copy" => mount with { NoCopy = false },
        "nocopy" => mount with { NoCopy = true },
        "idmap" => mount with { IdMap = true },

        // Labels for SELinux, which has nothing to say where it is off; and what Docker Desktop alone heeds.
        "z" or "cached" or "delegated" or "consistent" => mount,
        var known when _propagations.Contains(known) => mount with { Propagation = known },
        _ => throw new FormatException(
            $"volume '{text}': the option '{option}' is none of ro, rw, rro, bind, rbind, nosuid, nodev, noexec, nocopy, idmap, z, "
            + "or a propagation"),
    };

    /// <summary>Reads <c>/run:size=64m,mode=1777,exec</c>, as <c>docker run --tmpfs</c> does.</summary>
    /// <exception cref="FormatException">It says what is wrong with <paramref name="text"/>.</exception>
    public static ContainerMount ParseTmpfs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var mount = new ContainerMount { Type = ContainerMountType.Tmpfs, Target = colon < 0 ? text : text[..colon] };
        var options = colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
        return options.Aggregate(mount, (all, option) => option.Split('=', 2) switch
        {
            ["size", var size] => all with { Size = SizeOf(text, "size", size) },
            ["mode", var mode] => all with { Mode = ModeOf(text, "mode", mode) },
            ["notmpcopyup"] => all,
            ["ro" or "rw" or "nosuid" or "suid" or "nodev" or "dev" or "noexec" or "exec"] => WithOption(all, text, option),
            _ => throw new FormatException(
                $"tmpfs '{text}': the option '{option}' is none of size, mode, ro, rw, suid, nosuid, dev, nodev, exec, noexec"),
        });
    }

    private static bool IsAbsolute(string path) => path is ['/' or '\\', ..];
}

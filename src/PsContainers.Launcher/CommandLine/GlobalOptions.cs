using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.CommandLine;

/// <summary>The options before the command, which all commands share with runc and crun.</summary>
internal sealed record GlobalOptions
{
    private static readonly OptionSyntax _syntax = new OptionSyntax { OwnWords = 1 }
        .Value("--root").Value("--log").Value("--log-format").Value("--cgroup-manager").Value("--rootless").Value("--criu")
        .Flag("--systemd-cgroup").Flag("--debug").Flag("--version", "-v").Flag("--help", "-h");

    /// <summary>Where containers are kept; a tmpfs.</summary>
    internal string Root { get; private init; } = "/run/psc-runtime";

    /// <summary>File that errors are appended to.</summary>
    internal string? Log { get; private init; }

    internal bool HasJsonLog { get; private init; }

    /// <summary>linux.cgroupsPath is written as systemd wants it, SLICE:PREFIX:NAME.</summary>
    internal bool UsesSystemdPaths { get; private init; }

    internal string? Command { get; private init; }

    /// <summary>What follows the command.</summary>
    internal IReadOnlyList<string> Rest { get; private init; } = [];

    internal PlanFlags LogFlag => HasJsonLog ? PlanFlags.JsonErrors : PlanFlags.None;

    internal static GlobalOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = CommandWords.Parse(arguments, _syntax);
        var format = words.Value("--log-format") ?? "text";
        return new GlobalOptions
        {
            Root = Path.GetFullPath(words.Value("--root") ?? "/run/psc-runtime"),
            Log = words.Value("--log") is { Length: > 0 } log && log != "/dev/stderr" ? Path.GetFullPath(log) : null,
            HasJsonLog = format switch
            {
                "json" => true,
                "text" => false,
                _ => throw new CommandLineException($"'{format}' is neither text nor json as --log-format"),
            },
            UsesSystemdPaths = words.Has("--systemd-cgroup") || words.Value("--cgroup-manager") == "systemd",
            Command = words.Has("--version") ? "--version"
                : words.Has("--help") ? "help"
                : words.Plain is [var command, ..] ? command
                : null,
            Rest = [.. words.Plain.Skip(1)],
        };
    }

    /// <summary>The same again for a command that the bare half carries out.</summary>
    internal IEnumerable<string> Repeat() =>
        Log is null ? ["--root", Root] : ["--root", Root, "--log", Log, "--log-format", HasJsonLog ? "json" : "text"];
}

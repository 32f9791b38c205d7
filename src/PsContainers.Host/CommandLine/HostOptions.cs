using System.Diagnostics.CodeAnalysis;

namespace PsContainers.Host.CommandLine;

/// <summary>The command line of psc, which follows pwsh's.</summary>
internal sealed record HostOptions
{
    public required RunMode Mode { get; init; }

    /// <summary>The script's text (-Command) or path (-File).</summary>
    public string Script { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Nobody answers: prompts fail instead of waiting, and no progress is drawn.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Stay at the prompt after the command or file.</summary>
    public bool NoExit { get; init; }

    public string? WorkingDirectory { get; init; }

    public static bool TryParse(
        IReadOnlyList<string> args,
        bool isInputRedirected,
        [NotNullWhen(true)] out HostOptions? options,
        [NotNullWhen(false)] out string? problem)
    {
        options = null;
        problem = null;
        var nonInteractive = false;
        var noExit = false;
        string? workingDirectory = null;
        for (var i = 0; i < args.Count && options is null; i++)
        {
            switch (ParameterOf(args[i]))
            {
                case "noninteractive" or "noni":
                    nonInteractive = true;
                    break;
                case "noprofile" or "nop" or "nologo" or "nol":
                    break;
                case "noexit" or "noe":
                    noExit = true;
                    break;
                case "workingdirectory" or "wd" when i + 1 < args.Count:
                    workingDirectory = args[++i];
                    break;
                case "version" or "v":
                    options = new HostOptions { Mode = RunMode.Version };
                    break;
                case "help" or "h" or "?":
                    options = new HostOptions { Mode = RunMode.Help };
                    break;
                case "command" or "c" when i + 1 < args.Count:
                    options = OfCommand([.. args.Skip(i + 1)]);
                    break;
                case "file" or "f" when i + 1 < args.Count:
                    options = OfFile([.. args.Skip(i + 1)]);
                    break;
                case null:
                    options = OfFile([.. args.Skip(i)]);
                    break;
                default:
                    problem = i + 1 == args.Count && IsIncomplete(args[i]) ? $"{args[i]} needs a value" : $"unknown option {args[i]}";
                    return false;
            }
        }

        options ??= new HostOptions { Mode = isInputRedirected ? RunMode.StandardInput : RunMode.Interactive };
        options = options with { NonInteractive = nonInteractive, NoExit = noExit, WorkingDirectory = workingDirectory };
        return true;
    }

    private static HostOptions OfCommand(IReadOnlyList<string> rest) => rest is ["-"]
        ? new HostOptions { Mode = RunMode.StandardInput }
        : new HostOptions { Mode = RunMode.Command, Script = string.Join(' ', rest) };

    private static HostOptions OfFile(IReadOnlyList<string> rest) => rest[0] == "-"
        ? new HostOptions { Mode = RunMode.StandardInput }
        : new HostOptions { Mode = RunMode.File, Script = rest[0], Arguments = [.. rest.Skip(1)] };

    // pwsh takes -Command, --command and /command; a lone "-" is a file name for standard input, and a slash begins a path here.
    private static string? ParameterOf(string argument) =>
        argument.Length > 1 && argument[0] == '-' ? argument.TrimStart('-').ToLowerInvariant() : null;

    private static bool IsIncomplete(string argument) =>
        ParameterOf(argument) is "command" or "c" or "file" or "f" or "workingdirectory" or "wd";
}

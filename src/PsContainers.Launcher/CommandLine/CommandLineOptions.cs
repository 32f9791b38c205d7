namespace PsContainers.Launcher.CommandLine;

/// <summary>
/// The words of the command line, told apart. Options may stand before and after the command, with `=` or as the next word.
/// </summary>
internal sealed record CommandLineOptions
{
    public string? Command { get; private init; }

    public string? Id { get; private init; }

    public string Root { get; private init; } = "/run/psc-runtime";

    public string Bundle { get; private init; } = ".";

    internal static CommandLineOptions Parse(string[] arguments)
    {
        var options = new CommandLineOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = Split(arguments[i]);
            options = name switch
            {
                "--root" => options with { Root = value ?? Next(arguments, ref i) },
                "--bundle" or "-b" => options with { Bundle = value ?? Next(arguments, ref i) },
                "--version" or "--help" => options with { Command = name },
                _ when name.StartsWith('-') => throw new CommandLineException($"unknown option {name}"),
                _ when options.Command is null => options with { Command = name },
                _ when options.Id is null => options with { Id = name },
                _ => throw new CommandLineException($"unexpected argument '{name}'"),
            };
        }

        return options;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static string Next(string[] arguments, ref int index) =>
        ++index < arguments.Length ? arguments[index] : throw new CommandLineException($"option {arguments[index - 1]} needs a value");
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`ps`: the container's processes, as the host's ps(1) shows them or as JSON numbers of the host.</summary>
internal static class PsCommand
{
    private static readonly string[] _defaultArguments = ["-ef"];

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax { OwnWords = 1 }.Value("--format", "-f"));
        var container = new RuntimeStore(global.Root).Open(words.Id("ps"));
        var pids = ContainerProcesses.List(container);
        switch (words.Value("--format") ?? "table")
        {
            case "json":
                Console.WriteLine(JsonSerializer.Serialize(pids, ProcessListJson.Default.IReadOnlyListInt32));
                return 0;
            case "table":
                string[] given = [.. words.Plain.Skip(1)];
                WriteTable(given.Length > 0 ? given : _defaultArguments, [.. pids]);
                return 0;
            case var other:
                throw new CommandLineException($"'{other}' is neither table nor json as --format");
        }
    }

    private static void WriteTable(IReadOnlyList<string> arguments, HashSet<int> pids)
    {
        var lines = Ask(arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var column = lines.Length == 0 ? -1 : Array.IndexOf(Cells(lines[0]), "PID");
        if (column < 0)
        {
            throw new CommandLineException($"ps {string.Join(' ', arguments)} shows no column PID");
        }

        Console.WriteLine(lines[0]);
        foreach (var line in lines.Skip(1))
        {
            if (int.TryParse(Cells(line).ElementAtOrDefault(column), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pids.Contains(pid))
            {
                Console.WriteLine(line);
            }
        }
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Ask(IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new CommandLineException($"ps ended with exit code {process.ExitCode}");
    }

    private static Process Start(IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("ps", arguments) { RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CommandLineException($"cannot run ps: {e.Message}");
        }
    }
}

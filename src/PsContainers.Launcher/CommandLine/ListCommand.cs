using System.Globalization;
using System.Text.Json;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`list`: the containers of a --root, as a table, as JSON or as mere ids.</summary>
internal static class ListCommand
{
    private static readonly string[] _columns = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"];

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax().Value("--format", "-f").Flag("--quiet", "-q"));
        words.RefuseMoreThan(0);
        ContainerState[] states = [.. new RuntimeStore(global.Root).All().Select(ContainerState.Of)];
        if (words.Has("--quiet"))
        {
            Console.Write(string.Concat(states.Select(state => $"{state.Id}\n")));
            return 0;
        }

        switch (words.Value("--format") ?? "table")
        {
            case "table":
                WriteTable([_columns, .. states.Select(Row)]);
                return 0;
            case "json":
                Console.WriteLine(JsonSerializer.Serialize(states, ContainerStateJson.Default.IReadOnlyListContainerState));
                return 0;
            case var other:
                throw new CommandLineException($"'{other}' is neither table nor json as --format");
        }
    }

    private static string[] Row(ContainerState state) =>
    [
        state.Id,
        state.Pid.ToString(CultureInfo.InvariantCulture),
        state.Status,
        state.Bundle,
        state.Created.ToString("O", CultureInfo.InvariantCulture),
        state.Owner,
    ];

    // runc's widths: a column is three wider than its longest cell, and twelve at least.
    private static void WriteTable(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. _columns.Select((_, column) => Math.Max(12, rows.Max(row => row[column].Length) + 3))];
        foreach (var row in rows)
        {
            Console.WriteLine(string.Concat(row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}

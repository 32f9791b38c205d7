using System.Globalization;
using System.Text;
using System.Text.Json;
using PsContainers.Linux;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`ps`: the container's processes, as the host's ps(1) shows them or as JSON numbers of the host.</summary>
internal static class PsCommand
{
    private static readonly string[] _defaultArguments = ["-ef"];
    private static readonly string[] _places = ["/usr/bin/ps", "/bin/ps"];

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

    // ps(1) finds the width by itself, and writes lines of any length where there is no terminal.
    private static string Ask(IReadOnlyList<string> arguments)
    {
        PipeEnd.Create(out var readEnd, out var writeEnd);
        using (readEnd)
        {
            int child;
            using (writeEnd)
            {
                child = ChildProcess.Spawn(FindProgram(), ["ps", .. arguments], [(writeEnd, 1)]);
            }

            var output = ReadAll(readEnd);
            var code = ChildProcess.Wait(child);
            return code == 0 ? output : throw new CommandLineException($"ps {string.Join(' ', arguments)} ended with exit code {code}");
        }
    }

    private static string FindProgram() =>
        _places.FirstOrDefault(File.Exists) ?? throw new CommandLineException($"this machine has no {_places[0]} (Debian package procps)");

    private static string ReadAll(PipeEnd pipe)
    {
        var all = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = pipe.Read(chunk)) > 0)
        {
            all.Write(chunk, 0, read);
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}

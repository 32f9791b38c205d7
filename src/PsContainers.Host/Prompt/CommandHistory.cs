namespace PsContainers.Host.Prompt;

/// <summary>What was typed before, kept in a file that every session appends to.</summary>
/// <remarks>A command of several lines is written as PSReadLine does it: each line but the last ends with a backtick.</remarks>
internal sealed class CommandHistory
{
    private const int MostKept = 5000;
    private readonly List<string> _commands = [];
    private readonly string _path;
    private int _position;
    private string _typed = "";

    public CommandHistory(string path)
    {
        _path = path;
        if (File.Exists(path))
        {
            _commands.AddRange(Parse(File.ReadLines(path)).TakeLast(MostKept));
        }

        _position = _commands.Count;
    }

    /// <summary>$XDG_STATE_HOME/pscontainers/history (XDG base directory specification 0.8).</summary>
    public static string DefaultPath
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given && Path.IsPathRooted(given)
                ? given
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(state, "pscontainers", "history");
        }
    }

    public void Add(string command)
    {
        if (command.Trim().Length > 0 && (_commands.Count == 0 || _commands[^1] != command))
        {
            _commands.Add(command);
            Append(command);
        }

        _position = _commands.Count;
    }

    /// <summary>The command before the one shown; what is being typed is kept for the way back.</summary>
    public string? Previous(string current)
    {
        if (_position == 0)
        {
            return null;
        }

        if (_position == _commands.Count)
        {
            _typed = current;
        }

        return _commands[--_position];
    }

    public string? Next()
    {
        if (_position >= _commands.Count)
        {
            return null;
        }

        _position++;
        return _position == _commands.Count ? _typed : _commands[_position];
    }

    /// <summary>The newest command that holds the text, older than the given position.</summary>
    public (int Position, string Command)? Search(string text, int before)
    {
        for (var i = Math.Min(before, _commands.Count) - 1; i >= 0; i--)
        {
            if (_commands[i].Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return (i, _commands[i]);
            }
        }

        return null;
    }

    private void Append(string command)
    {
        // A home that cannot be written to is no reason to refuse a command.
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            using var file = new FileStream(_path, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            using var writer = new StreamWriter(file);
            writer.Write(command.Replace("\n", "`\n", StringComparison.Ordinal) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static IEnumerable<string> Parse(IEnumerable<string> lines)
    {
        var begun = new List<string>();
        foreach (var line in lines)
        {
            if (line.EndsWith('`'))
            {
                begun.Add(line[..^1]);
                continue;
            }

            yield return string.Join('\n', [.. begun, line]);
            begun.Clear();
        }
    }
}

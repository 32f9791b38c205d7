namespace PsContainers.Host.Prompt;

/// <summary>Reads one command from the terminal, with the keys of bash's and PSReadLine's emacs mode.</summary>
internal sealed class LineEditor(LineView view, CommandHistory history, TabCompletion completion, Func<string, bool> isComplete)
{
    private LineBuffer _line = new();
    private string _below = "";

    /// <returns>The command; empty when Ctrl+C dropped it; null when Ctrl+D or the terminal's end asks to leave.</returns>
    public string? Read(string prompt)
    {
        _line = new LineBuffer();
        _below = "";
        view.Begin(prompt);
        view.Draw(_line);

        // Otherwise Ctrl+C would be a signal, and the line could not tell that it was meant.
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                if (Control(key) == ConsoleKey.R)
                {
                    key = SearchBackwards();
                }

                switch (Control(key))
                {
                    case ConsoleKey.C:
                        view.End(_line, "^C");
                        return "";
                    case ConsoleKey.D when _line.Text.Length == 0:
                        view.End(_line);
                        return null;
                    case ConsoleKey.L:
                        view.ClearScreen();
                        break;
                    default:
                        if (IsEnter(key) && Accepts(key))
                        {
                            view.End(_line);
                            return _line.Text;
                        }

                        Apply(key);
                        break;
                }

                if (!Console.KeyAvailable)
                {
                    view.Draw(_line, _below);
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static ConsoleKey Control(ConsoleKeyInfo key) => key.Modifiers == ConsoleModifiers.Control ? key.Key : ConsoleKey.None;

    private static bool IsEnter(ConsoleKeyInfo key) => key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n';

    // Alt+Enter always begins a new line; plain Enter does while a brace or quote is open.
    private bool Accepts(ConsoleKeyInfo key) => !key.Modifiers.HasFlag(ConsoleModifiers.Alt) && isComplete(_line.Text);

    private void Apply(ConsoleKeyInfo key)
    {
        _below = "";
        if (key.Key == ConsoleKey.Tab)
        {
            _below = completion.Step(_line, key.Modifiers.HasFlag(ConsoleModifiers.Shift), Console.WindowWidth);
            return;
        }

        completion.Reset();
        if (IsEnter(key))
        {
            _line.Insert("\n");
        }
        else if (!Edit(key) && !char.IsControl(key.KeyChar) && !key.Modifiers.HasFlag(ConsoleModifiers.Alt))
        {
            _line.Insert(key.KeyChar.ToString());
        }
    }

    private bool Edit(ConsoleKeyInfo key)
    {
        Action? action = (key.Modifiers & (ConsoleModifiers.Control | ConsoleModifiers.Alt), key.Key) switch
        {
            (_, ConsoleKey.UpArrow) or (ConsoleModifiers.Control, ConsoleKey.P) => () => Show(history.Previous(_line.Text)),
            (_, ConsoleKey.DownArrow) or (ConsoleModifiers.Control, ConsoleKey.N) => () => Show(history.Next()),
            (not ConsoleModifiers.None, ConsoleKey.LeftArrow) or (ConsoleModifiers.Alt, ConsoleKey.B) => _line.MoveWordLeft,
            (not ConsoleModifiers.None, ConsoleKey.RightArrow) or (ConsoleModifiers.Alt, ConsoleKey.F) => _line.MoveWordRight,
            (_, ConsoleKey.LeftArrow) or (ConsoleModifiers.Control, ConsoleKey.B) => _line.MoveLeft,
            (_, ConsoleKey.RightArrow) or (ConsoleModifiers.Control, ConsoleKey.F) => _line.MoveRight,
            (_, ConsoleKey.Home) or (ConsoleModifiers.Control, ConsoleKey.A) => () => _line.MoveTo(0),
            (_, ConsoleKey.End) or (ConsoleModifiers.Control, ConsoleKey.E) => () => _line.MoveTo(_line.Text.Length),
            (not ConsoleModifiers.None, ConsoleKey.Backspace) or (ConsoleModifiers.Control, ConsoleKey.W) => _line.DeleteWordLeft,
            (_, ConsoleKey.Backspace) or (ConsoleModifiers.Control, ConsoleKey.H) => _line.DeleteLeft,
            (_, ConsoleKey.Delete) or (ConsoleModifiers.Control, ConsoleKey.D) => _line.DeleteRight,
            (ConsoleModifiers.Control, ConsoleKey.K) => _line.DeleteToEnd,
            (ConsoleModifiers.Control, ConsoleKey.U) => _line.DeleteToStart,
            (_, ConsoleKey.Escape) => () => _line.Set(""),
            _ => null,
        };
        action?.Invoke();
        return action is not null;
    }

    private void Show(string? command)
    {
        if (command is not null)
        {
            _line.Set(command);
        }
    }

    /// <returns>The key that ended the search: it does to the command found what it always does, such as run it.</returns>
    private ConsoleKeyInfo SearchBackwards()
    {
        var pattern = "";
        var position = int.MaxValue;
        while (true)
        {
            view.Draw(_line, $"bck-i-search: {pattern}_");
            var key = Console.ReadKey(intercept: true);
            if (Control(key) == ConsoleKey.R)
            {
                Find(ref position, pattern);
            }
            else if (key.Key == ConsoleKey.Backspace && pattern.Length > 0)
            {
                (pattern, position) = (pattern[..^1], int.MaxValue);
                Find(ref position, pattern);
            }
            else if (!char.IsControl(key.KeyChar) && key.Modifiers is 0 or ConsoleModifiers.Shift)
            {
                pattern += key.KeyChar;
                position = int.MaxValue;
                Find(ref position, pattern);
            }
            else
            {
                return key;
            }
        }
    }

    private void Find(ref int position, string pattern)
    {
        if (pattern.Length > 0 && history.Search(pattern, position) is { } found)
        {
            (position, var command) = found;
            _line.Set(command);
        }
    }
}

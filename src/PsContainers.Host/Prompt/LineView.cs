using System.Text;

namespace PsContainers.Host.Prompt;

/// <summary>Draws the prompt and what is being typed, over as many rows as it needs.</summary>
internal sealed class LineView(TextWriter terminal, Func<int> width)
{
    private const string Continuation = ">> ";
    private string _prompt = "";
    private int _cursorRow;

    public void Begin(string prompt)
    {
        // Only the last line of a prompt is drawn again with each key.
        var lastLine = prompt.LastIndexOf('\n') + 1;
        terminal.Write(prompt[..lastLine].ReplaceLineEndings("\r\n"));
        _prompt = prompt[lastLine..];
        _cursorRow = 0;
    }

    public void Draw(LineBuffer line, string below = "")
    {
        var output = new StringBuilder("\e[?25l");
        MoveToStart(output);
        var text = line.Text.Replace("\n", $"\r\n{Continuation}", StringComparison.Ordinal);
        output.Append(_prompt).Append(text);
        var (endRow, endColumn) = PositionAfter(line.Text);

        // A row that is full leaves the cursor on its last column until something follows.
        if (endColumn == 0 && endRow > 0 && !line.Text.EndsWith('\n'))
        {
            output.Append("\r\n");
        }

        var row = endRow;
        if (below.Length > 0)
        {
            output.Append("\r\n").Append(below.ReplaceLineEndings("\r\n"));
            row += 1 + below.Count(character => character == '\n');
        }

        var (cursorRow, cursorColumn) = PositionAfter(line.Text[..line.Cursor]);
        Up(output, row - cursorRow);
        output.Append('\r');
        if (cursorColumn > 0)
        {
            output.Append("\e[").Append(cursorColumn).Append('C');
        }

        terminal.Write(output.Append("\e[?25h"));
        _cursorRow = cursorRow;
    }

    /// <summary>Leaves the text as it stands and goes to a fresh line.</summary>
    public void End(LineBuffer line, string mark = "")
    {
        line.MoveTo(line.Text.Length);
        Draw(line);
        terminal.Write(mark + "\r\n");
    }

    public void ClearScreen()
    {
        terminal.Write("\e[H\e[2J");
        _cursorRow = 0;
    }

    private void MoveToStart(StringBuilder output)
    {
        Up(output, _cursorRow);
        output.Append("\r\e[J");
    }

    private static void Up(StringBuilder output, int rows)
    {
        if (rows > 0)
        {
            output.Append("\e[").Append(rows).Append('A');
        }
    }

    private (int Row, int Column) PositionAfter(string text)
    {
        var columns = Math.Max(width(), 1);
        var (row, column) = (0, CellWidth.Of(_prompt) % columns);
        row = CellWidth.Of(_prompt) / columns;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                (row, column) = (row + 1, Continuation.Length);
                continue;
            }

            var cells = CellWidth.Of(rune);
            if (column + cells > columns)
            {
                (row, column) = (row + 1, 0);
            }

            column += cells;
            if (column == columns)
            {
                (row, column) = (row + 1, 0);
            }
        }

        return (row, column);
    }
}

using System.Management.Automation;

namespace PsContainers.Host.Prompt;

/// <summary>Completes the word at the cursor: first what all candidates share, then one after the other.</summary>
internal sealed class TabCompletion(Func<string, int, CommandCompletion> complete)
{
    private const int MostListed = 100;
    private CommandCompletion? _current;
    private int _index = -1;
    private int _start;
    private int _length;

    /// <summary>Any other key ends a round of candidates.</summary>
    public void Reset() => _current = null;

    /// <returns>The candidates to show below the line, when there are several.</returns>
    public string Step(LineBuffer line, bool backwards, int width)
    {
        if (_current is null)
        {
            var found = complete(line.Text, line.Cursor);
            if (found.CompletionMatches.Count == 0)
            {
                return "";
            }

            return Begin(found, line, width);
        }

        var count = _current.CompletionMatches.Count;
        _index = backwards ? (_index <= 0 ? count : _index) - 1 : (_index + 1) % count;
        Put(line, TextOf(_current.CompletionMatches[_index]));
        return Listing(_current, width);
    }

    private string Begin(CommandCompletion found, LineBuffer line, int width)
    {
        (_start, _length) = (found.ReplacementIndex, found.ReplacementLength);
        var texts = found.CompletionMatches.Select(TextOf).ToArray();
        if (texts.Length == 1)
        {
            Put(line, texts[0]);
            return "";
        }

        var shared = Shared(texts);
        var typed = line.Text.Substring(_start, _length);
        if (shared.Length > typed.Length && shared.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
        {
            Put(line, shared);
        }

        (_current, _index) = (found, -1);
        return Listing(found, width);
    }

    private void Put(LineBuffer line, string text)
    {
        line.Replace(_start, _length, text);
        _length = text.Length;
    }

    // A folder ends with a slash, inside its quotes, so that the next Tab goes on in it.
    private static string TextOf(CompletionResult match) => match.CompletionText switch
    {
        [.., '/'] or [.., '/', '\'' or '"'] => match.CompletionText,
        [.., '\'' or '"'] quoted when IsFolder(match) => $"{quoted[..^1]}/{quoted[^1]}",
        var plain when IsFolder(match) => plain + "/",
        var plain => plain,
    };

    private static string NameOf(CompletionResult match) => IsFolder(match) ? match.ListItemText + "/" : match.ListItemText;

    private static bool IsFolder(CompletionResult match) => match.ResultType == CompletionResultType.ProviderContainer;

    private static string Shared(string[] texts)
    {
        var length = texts[0].Length;
        foreach (var text in texts)
        {
            length = Math.Min(length, text.Length);
            while (!text.StartsWith(texts[0][..length], StringComparison.OrdinalIgnoreCase))
            {
                length--;
            }
        }

        return texts[0][..length];
    }

    private static string Listing(CommandCompletion found, int width)
    {
        var names = found.CompletionMatches.Take(MostListed).Select(NameOf).ToArray();
        var cell = Math.Min(names.Max(CellWidth.Of) + 2, width);
        var perRow = Math.Max(width / cell, 1);
        var rows = names.Chunk(perRow).Select(row => string.Concat(row.Select(name => Fit(name, cell))).TrimEnd());
        var more = found.CompletionMatches.Count - names.Length;
        return string.Join('\n', more > 0 ? rows.Append($"… {more} more") : rows);
    }

    private static string Fit(string name, int cell) =>
        name.Length >= cell ? name[..(cell - 1)] + " " : name + new string(' ', Math.Max(cell - CellWidth.Of(name), 0));
}

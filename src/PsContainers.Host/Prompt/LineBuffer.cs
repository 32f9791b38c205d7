namespace PsContainers.Host.Prompt;

/// <summary>The text being typed and the place in it.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    public int Cursor { get; private set; }

    public void Set(string text) => Replace(0, Text.Length, text);

    public void Insert(string text) => Replace(Cursor, 0, text);

    /// <summary>Puts a text in the place of a range; the cursor stands behind it then.</summary>
    public void Replace(int start, int length, string text)
    {
        Text = Text.Remove(start, length).Insert(start, text);
        Cursor = start + text.Length;
    }

    public void MoveTo(int position) => Cursor = Math.Clamp(position, 0, Text.Length);

    public void MoveLeft() => MoveTo(Before(Cursor));

    public void MoveRight() => MoveTo(After(Cursor));

    public void MoveWordLeft() => MoveTo(WordStart());

    public void MoveWordRight()
    {
        var position = Cursor;
        while (position < Text.Length && !char.IsLetterOrDigit(Text[position]))
        {
            position++;
        }

        while (position < Text.Length && char.IsLetterOrDigit(Text[position]))
        {
            position++;
        }

        MoveTo(position);
    }

    public void DeleteLeft() => Delete(Before(Cursor), Cursor);

    public void DeleteRight() => Delete(Cursor, After(Cursor));

    public void DeleteWordLeft() => Delete(WordStart(), Cursor);

    public void DeleteToEnd() => Delete(Cursor, Text.Length);

    public void DeleteToStart() => Delete(0, Cursor);

    private void Delete(int start, int end) => Replace(start, end - start, "");

    // A character beyond the first plane is two units, and stays whole.
    private int Before(int position) =>
        position >= 2 && char.IsSurrogatePair(Text[position - 2], Text[position - 1]) ? position - 2 : Math.Max(position - 1, 0);

    private int After(int position) => position + 1 < Text.Length && char.IsSurrogatePair(Text[position], Text[position + 1])
        ? position + 2
        : Math.Min(position + 1, Text.Length);

    private int WordStart()
    {
        var position = Cursor;
        while (position > 0 && !char.IsLetterOrDigit(Text[position - 1]))
        {
            position--;
        }

        while (position > 0 && char.IsLetterOrDigit(Text[position - 1]))
        {
            position--;
        }

        return position;
    }
}

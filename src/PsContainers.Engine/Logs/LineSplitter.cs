using System.Text;

namespace PsContainers.Engine.Logs;

/// <summary>Turns bytes as they come from a pipe into lines of text; a character or a line may arrive in pieces.</summary>
internal sealed class LineSplitter(Action<string> line)
{
    /// <summary>
    /// A line longer than this is handed on in parts, so that endless output without a line end does not fill the memory.
    /// </summary>
    private const int LongestLine = 16 * 1024 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _begun = new();
    private char[] _characters = [];

    public void Add(ReadOnlySpan<byte> bytes) => Decode(bytes, isEnd: false);

    /// <summary>Hands on what came without a line end.</summary>
    public void End()
    {
        Decode([], isEnd: true);
        if (_begun.Length > 0)
        {
            Flush();
        }
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        var needed = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_characters.Length < needed)
        {
            _characters = new char[needed];
        }

        var count = _decoder.GetChars(bytes, _characters, isEnd);
        Split(_characters.AsSpan(0, count));
    }

    private void Split(ReadOnlySpan<char> text)
    {
        int end;
        while ((end = text.IndexOf('\n')) >= 0)
        {
            if (_begun.Length == 0)
            {
                line(text[..end].ToString());
            }
            else
            {
                _begun.Append(text[..end]);
                Flush();
            }

            text = text[(end + 1)..];
        }

        _begun.Append(text);
        if (_begun.Length > LongestLine)
        {
            Flush();
        }
    }

    private void Flush()
    {
        var text = _begun.ToString();
        _begun.Clear();
        line(text);
    }
}

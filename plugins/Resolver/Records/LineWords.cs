namespace PsContainers.Resolver.Records;

/// <summary>The words of a line, up to a comment.</summary>
internal ref struct LineWords
{
    private ReadOnlySpan<byte> _rest;

    internal LineWords(ReadOnlySpan<byte> line)
    {
        var comment = line.IndexOf((byte)'#');
        _rest = comment < 0 ? line : line[..comment];
    }

    private static ReadOnlySpan<byte> Spaces => " \t\r\v\f"u8;

    internal bool TryNext(out ReadOnlySpan<byte> word)
    {
        _rest = _rest.TrimStart(Spaces);
        var end = _rest.IndexOfAny(Spaces);
        word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return !word.IsEmpty;
    }
}

namespace PsContainers.Bridge.Firewall;

/// <summary>An element of one of our sets or maps, as nft writes it, without quotes.</summary>
/// <param name="Set">The set or map.</param>
/// <param name="Key"><c>tcp . 8080</c></param>
/// <param name="Value">Of a map: <c>10.90.0.2 . 80</c>.</param>
internal readonly record struct FirewallElement(string Set, string Key, string? Value = null)
{
    private const string Arrow = " : ";

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it did not.</summary>
    internal static FirewallElement? TryParse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0)
        {
            return null;
        }

        var rest = line[(space + 1)..];
        var arrow = rest.IndexOf(Arrow, StringComparison.Ordinal);
        return arrow < 0 ? new(line[..space], rest) : new(line[..space], rest[..arrow], rest[(arrow + Arrow.Length)..]);
    }

    /// <summary><c>ports4 tcp . 8080 : 10.90.0.2 . 80</c></summary>
    public override string ToString() => Value is null ? $"{Set} {Key}" : $"{Set} {Key}{Arrow}{Value}";
}

namespace PsContainers.Images.Registry.Http;

/// <summary>What a registry wants to see: `Bearer realm="https://auth.example/token",scope="repository:a/b:pull"`.</summary>
/// <param name="Parameters">By name, whose case does not matter.</param>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1</remarks>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const string TokenSymbols = "!#$%&'*+-.^_`|~";

    internal string? this[string name] => Parameters.GetValueOrDefault(name);

    internal bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>All challenges of one header; what cannot be understood ends the list.</summary>
    internal static List<Challenge> Parse(string header)
    {
        var challenges = new List<Challenge>();
        Dictionary<string, string>? parameters = null;
        ReadOnlySpan<char> rest = header;
        while (true)
        {
            rest = rest.TrimStart(" \t,");
            var word = Token(ref rest);
            if (word.Length == 0)
            {
                return challenges;
            }

            // A name with a value belongs to the challenge before it; a name alone begins the next one.
            var afterName = rest.TrimStart(" \t");
            if (parameters is not null && afterName.StartsWith('=') && TryValue(afterName[1..].TrimStart(" \t"), out var value, out rest))
            {
                parameters.TryAdd(word, value);
            }
            else if (afterName.StartsWith('='))
            {
                return challenges;
            }
            else
            {
                parameters = new(StringComparer.OrdinalIgnoreCase);
                challenges.Add(new(word, parameters));
            }
        }
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || TokenSymbols.Contains(c, StringComparison.Ordinal);

    private static string Token(ref ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && IsTokenCharacter(rest[length]))
        {
            length++;
        }

        var token = rest[..length].ToString();
        rest = rest[length..];
        return token;
    }

    private static bool TryValue(ReadOnlySpan<char> text, out string value, out ReadOnlySpan<char> rest)
    {
        rest = text;
        if (!text.StartsWith('"'))
        {
            value = Token(ref rest);
            return value.Length > 0;
        }

        var unquoted = new System.Text.StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                value = unquoted.ToString();
                rest = text[(i + 1)..];
                return true;
            }

            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            unquoted.Append(text[i]);
        }

        value = "";
        return false;
    }
}

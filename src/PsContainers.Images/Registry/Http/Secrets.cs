using System.Collections.Concurrent;
using System.Text;

namespace PsContainers.Images.Registry.Http;

/// <summary>What must not come back in an error, even if a server repeats what it was sent.</summary>
internal sealed class Secrets
{
    private readonly ConcurrentDictionary<string, bool> _texts = new();

    internal void Add(string? secret)
    {
        // Hiding a letter would only tell which one.
        if (secret is { Length: > 3 })
        {
            _texts.TryAdd(secret, true);
            _texts.TryAdd(Uri.EscapeDataString(secret), true);
        }
    }

    internal string Basic(string user, string password)
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        Add(password);
        Add(text);
        return text;
    }

    internal string Hide(string text) =>
        _texts.Keys.OrderByDescending(secret => secret.Length).Aggregate(text, (hidden, secret) =>
            hidden.Replace(secret, "‹secret›", StringComparison.Ordinal));
}

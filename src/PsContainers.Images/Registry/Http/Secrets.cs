using System.Collections.Concurrent;
using System.Text;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Images.Registry.Http;

/// <summary>What must not come back in an error, even if a server repeats what it was sent.</summary>
internal sealed class Secrets
{
    private const string Hidden = "‹secret›";

    // Hiding a letter would only tell which one.
    private const int MinimumLength = 4;

    private readonly ConcurrentDictionary<string, bool> _texts = new();

    internal void Add(string? secret)
    {
        if (secret is { Length: >= MinimumLength })
        {
            _texts.TryAdd(secret, true);
            _texts.TryAdd(Uri.EscapeDataString(secret), true);
        }
    }

    internal void Add(Credential? credential)
    {
        Add(credential?.IdentityToken);
        Add(credential?.RegistryToken);
        if (credential?.Password is { } password)
        {
            Basic(credential.UserName, password);
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
            HideBeginning(hidden.Replace(secret, Hidden, StringComparison.Ordinal), secret));

    // A quotation may have been cut within a secret.
    private static string HideBeginning(string text, string secret)
    {
        for (var cut = text.IndexOf('…', StringComparison.Ordinal); cut >= 0; cut = text.IndexOf('…', cut + 1))
        {
            for (var length = Math.Min(cut, secret.Length - 1); length >= MinimumLength; length--)
            {
                if (text.AsSpan(cut - length, length).SequenceEqual(secret.AsSpan(0, length)))
                {
                    text = string.Concat(text.AsSpan(0, cut - length), Hidden, text.AsSpan(cut));
                    cut += Hidden.Length - length;
                    break;
                }
            }
        }

        return text;
    }
}

using System.Net.Http.Headers;

namespace PsContainers.Images.Registry.Http;

/// <summary>What a token server gave, and until when it is shown.</summary>
internal sealed class Token(string text, DateTimeOffset expires)
{
    internal string Text { get; } = text;

    internal DateTimeOffset Expires { get; } = expires;

    internal AuthenticationHeaderValue Header { get; } = new("Bearer", text);
}

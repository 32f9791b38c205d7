using System.Globalization;
using PsContainers.Oci;

namespace PsContainers.Images.Registry.Http;

/// <summary>What an answer's headers say, which may be anything.</summary>
internal static class AnswerHeaders
{
    /// <summary>Where the answer points to, completed; null when it does not.</summary>
    internal static Uri? Location(HttpResponseMessage response)
    {
        var text = Value(response, "Location");
        return text is null
            ? null
            : Resolve(response, text) ?? throw new RegistryFault($"its Location header is no address: {Quoted(text)}");
    }

    /// <summary>The address of the next page of a list; null on the last one. RFC 8288</summary>
    internal static Uri? NextPage(HttpResponseMessage response)
    {
        if (Value(response, "Link") is not { } link)
        {
            return null;
        }

        var end = link.IndexOf('>', StringComparison.Ordinal);
        var parameters = end < 0 ? "" : link[end..].Replace("\"", "", StringComparison.Ordinal);
        var isNext = parameters.Contains("rel=next", StringComparison.OrdinalIgnoreCase);
        var next = link.StartsWith('<') && isNext ? Resolve(response, link[1..end]) : null;
        return next is not null && RedirectHandler.IsSameOrigin(next, response.RequestMessage!.RequestUri!)
            ? next
            : throw new RegistryFault($"its Link header is not one to a next page of the registry: {Quoted(link)}");
    }

    /// <summary>What the registry says the content's digest is; null when it says nothing.</summary>
    internal static Digest? ContentDigest(HttpResponseMessage response)
    {
        var text = Value(response, "Docker-Content-Digest");
        return text is null ? null
            : Digest.TryParse(text, out var digest) ? digest
            : throw new RegistryFault($"its Docker-Content-Digest header is no digest: {Quoted(text)}");
    }

    /// <summary>The least that a piece of an upload should have, in bytes.</summary>
    internal static long MinimumChunk(HttpResponseMessage response) =>
        TryNumber(Value(response, "OCI-Chunk-Min-Length"), out var length) ? length : 0;

    /// <summary>How many bytes of an upload the registry has, by a header such as `Range: 0-1023`; null when it does not say.</summary>
    /// <remarks>`0-0` is one byte by the specification, and none yet by what registries do.</remarks>
    internal static long? UploadedLength(HttpResponseMessage response)
    {
        if (Value(response, "Range") is not { } text)
        {
            return null;
        }

        var range = text.StartsWith("bytes=", StringComparison.Ordinal) ? text["bytes=".Length..] : text;
        return range.StartsWith("0-", StringComparison.Ordinal) && TryNumber(range.AsSpan(2), out var last) && last < long.MaxValue
            ? (last == 0 ? 0 : last + 1)
            : throw new RegistryFault($"its Range header is no range: {Quoted(text)}");
    }

    /// <summary>The first value of a header, as it came.</summary>
    internal static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First()
        : response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.First()
        : null;

    /// <summary>A stranger's words, bounded.</summary>
    internal static string Quoted(string text) => text.Length <= 200 ? $"'{text}'" : $"'{text[..200]}…'";

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static Uri? Resolve(HttpResponseMessage response, string text) =>
        Uri.TryCreate(response.RequestMessage!.RequestUri, text, out var target)
            && (target.Scheme == Uri.UriSchemeHttps || target.Scheme == Uri.UriSchemeHttp) && target.UserInfo.Length == 0
            ? target
            : null;
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace PsContainers.Oci;

/// <summary>The name of an image: `registry/repository:tag@digest`.</summary>
/// <remarks>
/// Completed as Docker does: `busybox` is `docker.io/library/busybox:latest`.
/// https://pkg.go.dev/github.com/distribution/reference has the grammar.
/// </remarks>
public sealed partial record ImageReference
{
    private const int MaximumName = 255;
    private const string DefaultRegistry = "docker.io";
    private const string DefaultNamespace = "library/";
    private const string DefaultTag = "latest";
    private const string HostPart = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"; // RFC 1035, section 2.3.4
    private const string PathPart = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

    // Name, tag and sha512 with their separators: longer is no name, and no regular expression has to find out.
    private const int MaximumText = MaximumName + 1 + 128 + 1 + 135;

    private ImageReference(string registry, string repository, string? tag, Digest? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>Host, with its port where the name has one.</summary>
    public string Registry { get; }

    public string Repository { get; }

    /// <summary>Null only when a digest says which image is meant.</summary>
    public string? Tag { get; }

    public Digest? Digest { get; }

    /// <summary>The shortest text that means the same; the tag is always shown.</summary>
    public string FamiliarName
    {
        get
        {
            // `docker.io/library/localhost/x` has no shorter form than `library/localhost/x`, so a candidate has to mean the same.
            var name = ToString();
            foreach (var prefix in (ReadOnlySpan<string>)[$"{DefaultRegistry}/{DefaultNamespace}", $"{DefaultRegistry}/"])
            {
                var rest = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;
                if (TryParse(rest, out var shorter) && shorter == this)
                {
                    return rest;
                }
            }

            return name;
        }
    }

    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference) ? reference : throw new FormatException($"'{text}' is not an image name");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        var match = text is { Length: > 0 and <= MaximumText } ? Grammar().Match(text) : Match.Empty;
        if (!match.Success || IdGrammar().IsMatch(text!))
        {
            return false;
        }

        Digest? digest = null;
        if (match.Groups["digest"] is { Success: true } group)
        {
            if (!Oci.Digest.TryParse(group.Value, out var parsed))
            {
                return false;
            }

            digest = parsed;
        }

        var (registry, repository) = Split(match.Groups["name"].Value);
        if (!IsRegistry(registry) || !IsRepository(repository)
            || registry.Length + 1 + repository.Length > MaximumName)
        {
            return false;
        }

        var tag = match.Groups["tag"] is { Success: true } given ? given.Value : digest is null ? DefaultTag : null;
        reference = new(registry, repository, tag, digest);
        return true;
    }

    /// <summary>Whether it can be a registry: a host, with a port or without.</summary>
    public static bool IsRegistry(string text)
    {
        var match = text.Length <= MaximumName ? RegistryGrammar().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        // The grammar of names lets numbers through that no port and no address has.
        var (port, address) = (match.Groups["port"], match.Groups["address"]);
        return (!port.Success || ushort.TryParse(port.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && (!address.Success
                || (IPAddress.TryParse(address.ValueSpan, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetworkV6));
    }

    /// <summary>Whether a registry can have a repository of this name.</summary>
    public static bool IsRepository(string text) => text.Length <= MaximumName && RepositoryGrammar().IsMatch(text);

    public override string ToString() =>
        $"{Registry}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is { } digest ? "@" + digest : "")}";

    // The first part is a host when it could not be a repository: it has a dot or a port, is `localhost`, or has capitals.
    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = name[..Math.Max(0, slash)];
        var isHost = first.AsSpan().ContainsAny('.', ':', '[') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        var (registry, repository) = isHost ? (first, name[(slash + 1)..]) : (DefaultRegistry, name);
        registry = registry == "index.docker.io" ? DefaultRegistry : registry;
        return registry == DefaultRegistry && !repository.Contains('/', StringComparison.Ordinal)
            ? (registry, DefaultNamespace + repository)
            : (registry, repository);
    }

    // A tag holds no slash, so the colon of `host:5000/name` is never taken for one.
    [GeneratedRegex(@"\A(?<name>[^@]+?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[^@]+))?\z")]
    private static partial Regex Grammar();

    [GeneratedRegex($@"\A(?:{HostPart}(?:\.{HostPart})*|\[(?<address>[0-9A-Fa-f:]+)\])(?::(?<port>[0-9]+))?\z")]
    private static partial Regex RegistryGrammar();

    [GeneratedRegex($@"\A{PathPart}(?:/{PathPart})*\z")]
    private static partial Regex RepositoryGrammar();

    // An id without its `sha256:`; Docker takes it for no name either.
    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex IdGrammar();
}

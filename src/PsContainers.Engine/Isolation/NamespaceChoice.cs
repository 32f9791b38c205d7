using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Isolation;

/// <summary>Where a container's namespace comes from: its own, the host's, or another container's.</summary>
/// <param name="Container">The other container, by name or, once it was looked up, by id.</param>
internal readonly record struct NamespaceChoice(NamespaceOrigin Origin, string? Container = null)
{
    private const string Prefix = "container:";

    /// <param name="text"><c>Private</c>, <c>Host</c> or <c>Container:NAME</c> in any case; null means private.</param>
    /// <exception cref="ContainerEngineException">InvalidNamespace</exception>
    public static NamespaceChoice Parse(string parameter, string? text) => text?.ToLowerInvariant() switch
    {
        null or "private" => new(NamespaceOrigin.Private),
        "host" => new(NamespaceOrigin.Host),
        { Length: > 10 } other when other.StartsWith(Prefix, StringComparison.Ordinal) => new(
            NamespaceOrigin.Container, text[Prefix.Length..]),
        _ => throw EngineErrors.InvalidNamespace(parameter, text, "Private, Host and Container:NAME"),
    };

    /// <summary>The user namespace, which no other container's can be; <c>auto</c> is podman's word for private.</summary>
    /// <remarks>Null means the host's: most images hold files of many users, and mapping them is asked for.</remarks>
    public static NamespaceChoice ParseUser(string parameter, string? text) => text?.ToLowerInvariant() switch
    {
        null or "host" => new(NamespaceOrigin.Host),
        "private" or "auto" => new(NamespaceOrigin.Private),
        _ => throw EngineErrors.InvalidNamespace(parameter, text, "Host and Private"),
    };

    /// <summary>In the form that is parsed, as it is kept and shown.</summary>
    public override string ToString() => Origin == NamespaceOrigin.Container ? $"Container:{Container}" : Origin.ToString();
}

/// <summary>Whose a namespace is.</summary>
internal enum NamespaceOrigin
{
    Private,
    Host,
    Container,
}

using System.Text.Json.Serialization;
using Tomlyn;
using Tomlyn.Serialization;

namespace PsContainers.Images.Registry.Configuration;

/// <summary>One file of registries.conf's form, version 2. containers-registries.conf(5)</summary>
internal sealed class RegistriesFile
{
    public List<string>? UnqualifiedSearchRegistries { get; set; }

    public string? ShortNameMode { get; set; }

    public List<RegistryTable>? Registry { get; set; }

    public Dictionary<string, string>? Aliases { get; set; }

    /// <param name="path">For the error.</param>
    internal static RegistriesFile Parse(string text, string path)
    {
        try
        {
            var file = TomlSerializer.Deserialize(text, RegistriesToml.Default.RegistriesFile) ?? new();
            file.Registry?.ForEach(registry => registry.Check(path));
            return file;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Tomlyn stumbles over an escape beyond Unicode while it makes the message about it.
            throw new RegistriesConfigurationException($"{path}: a text has an escape that is no character");
        }
        catch (TomlException e)
        {
            throw new RegistriesConfigurationException($"{path}: {e.Message}");
        }
    }
}

/// <summary>A `[[registry]]`.</summary>
internal sealed class RegistryTable
{
    public string? Prefix { get; set; }

    public string? Location { get; set; }

    public bool Insecure { get; set; }

    public bool Blocked { get; set; }

    public bool MirrorByDigestOnly { get; set; }

    public List<MirrorTable>? Mirror { get; set; }

    /// <summary>What the names begin with that this is about.</summary>
    [TomlIgnore]
    internal string Key => Prefix is { Length: > 0 } prefix ? prefix : Location ?? "";

    internal void Check(string path)
    {
        if (Key.Length == 0)
        {
            throw new RegistriesConfigurationException($"{path}: a [[registry]] has neither prefix nor location");
        }

        if (Key.Contains('*', StringComparison.Ordinal) && (!Key.StartsWith("*.", StringComparison.Ordinal) || Key.LastIndexOf('*') > 0))
        {
            throw new RegistriesConfigurationException($"{path}: the prefix '{Key}' has a star elsewhere than in *.example.com");
        }

        if (Location is { Length: > 0 } location && !RegistryEndpoint.IsLocation(location))
        {
            throw new RegistriesConfigurationException($"{path}: the location '{location}' of {Key} is not a registry, nor a place in one");
        }

        Mirror?.ForEach(mirror => mirror.Check(path, Key));
    }
}

/// <summary>A `[[registry.mirror]]`.</summary>
internal sealed class MirrorTable
{
    public string? Location { get; set; }

    public bool Insecure { get; set; }

    /// <summary>`all`, `digest-only` or `tag-only`.</summary>
    public string? PullFromMirror { get; set; }

    internal void Check(string path, string registry)
    {
        if (string.IsNullOrEmpty(Location))
        {
            throw new RegistriesConfigurationException($"{path}: a mirror of {registry} has no location");
        }

        if (!RegistryEndpoint.IsLocation(Location))
        {
            throw new RegistriesConfigurationException(
                $"{path}: the mirror '{Location}' of {registry} is not a registry, nor a place in one");
        }

        if (PullFromMirror is not (null or "" or "all" or "digest-only" or "tag-only"))
        {
            throw new RegistriesConfigurationException(
                $"{path}: pull-from-mirror of {Location} is '{PullFromMirror}' instead of all, digest-only or tag-only");
        }
    }
}

[TomlSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[TomlSerializable(typeof(RegistriesFile))]
internal sealed partial class RegistriesToml : TomlSerializerContext;

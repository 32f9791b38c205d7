using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Cni;

/// <summary>A network configuration of CNI: a list of plugins, each of which works on what the one before it made.</summary>
internal sealed partial class NetworkList
{
    private readonly JsonObject _json;

    private NetworkList(JsonObject json, string name, CniVersion version, IReadOnlyList<PluginConfiguration> plugins)
    {
        (_json, Name, Version, Plugins) = (json, name, version, plugins);
    }

    /// <summary>CNI's own name of the network, by which plugins keep what is theirs.</summary>
    public string Name { get; }

    /// <summary>The highest that it says it was written for and that this driver speaks.</summary>
    public CniVersion Version { get; }

    public IReadOnlyList<PluginConfiguration> Plugins { get; }

    public bool IsChecked => Version.HasCheck && !Flag("disableCheck");

    public bool IsCollected => Version.HasStatus && !Flag("disableGC");

    public bool Has(string capability) => Plugins.Any(plugin => plugin.Has(capability));

    /// <param name="source">What the text is of, in messages.</param>
    /// <param name="field">The option that it comes from.</param>
    /// <exception cref="DriverException">It is no such list.</exception>
    public static NetworkList Parse(ReadOnlySpan<byte> text, string source, string field)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, documentOptions: CniJson.Strictly);
        }
        catch (JsonException e)
        {
            throw Refused($"not JSON: line {e.LineNumber + 1}: {Abridged.Of(e.Message)}");
        }

        if (root is not JsonObject json)
        {
            throw Refused("not an object");
        }

        var name = Text(json, "name") is { } given && Identifier().IsMatch(given)
            ? given
            : throw Refused($"name: {Shown(json["name"])} is not a letter or digit and then letters, digits, '_', '.' and '-'");
        var version = VersionOf(json) ?? throw Refused(
            $"cniVersion: {Shown(json["cniVersion"])} is not a version from {CniVersion.Oldest} on; this driver speaks up to "
                + $"{CniVersion.Newest}");
        return new NetworkList(json, name, version, PluginsOf(json));

        List<PluginConfiguration> PluginsOf(JsonObject list)
        {
            var entries = list["plugins"] is null && list["type"] is not null ? [list] : list["plugins"] as JsonArray;
            if (entries is null or { Count: 0 })
            {
                throw Refused("plugins: missing or empty");
            }

            return [.. entries.Select((entry, i) => PluginConfiguration.TryRead(entry) ?? throw Refused(
                $"plugins[{i}]: {Shown(entry)} is no object whose type, and whose ipam's type, is the name of a program"))];
        }

        DriverException Refused(string reason) => new($"{source}: {reason}", DriverErrorKind.InvalidRequest, field);
    }

    /// <summary>The same as a list, and in a version that all its plugins speak.</summary>
    public string ToText(CniVersion version)
    {
        var json = (JsonObject)_json.DeepClone();
        if (json["plugins"] is null)
        {
            json = new JsonObject { ["name"] = Name, ["plugins"] = new JsonArray(json) };
        }

        json.Remove("cniVersions");
        json["cniVersion"] = version.ToString();
        return json.ToJsonString();
    }

    private static CniVersion? VersionOf(JsonObject json)
    {
        string?[] all =
        [
            Text(json, "cniVersion"),
            .. (json["cniVersions"] as JsonArray ?? []).Select(Text),
        ];
        var versions = all.Select(CniVersion.TryParse).ToList();
        return versions.Contains(null) || versions.Max() is not { } highest || highest.CompareTo(CniVersion.Oldest) < 0
            ? null
            : highest.CompareTo(CniVersion.Newest) > 0 ? CniVersion.Newest : highest;
    }

    private static string? Text(JsonObject json, string member) => Text(json[member]);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string Shown(JsonNode? node) => node is null ? "nothing" : Abridged.Of(node.ToJsonString());

    // The specification's own library also takes the word in quotes.
    private bool Flag(string member) => _json[member]?.ToString() is "true";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Identifier();
}

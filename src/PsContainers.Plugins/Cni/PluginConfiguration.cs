using System.Text.Json.Nodes;

namespace PsContainers.Plugins.Cni;

/// <summary>What a network configuration says of one plugin.</summary>
internal sealed class PluginConfiguration
{
    private readonly JsonObject _json;

    private PluginConfiguration(JsonObject json, string type, string? addressType)
    {
        (_json, Type, AddressType) = (json, type, addressType);
    }

    /// <summary>The name of its program.</summary>
    public string Type { get; }

    /// <summary>The program that it asks for addresses.</summary>
    public string? AddressType { get; }

    /// <summary>Null when it is no such thing.</summary>
    public static PluginConfiguration? TryRead(JsonNode? node)
    {
        if (node is not JsonObject json || TypeOf(json) is not { } type)
        {
            return null;
        }

        var addresses = json["ipam"] as JsonObject;
        var addressType = addresses is null ? null : TypeOf(addresses);
        return addresses?["type"] is not null && addressType is null ? null : new PluginConfiguration(json, type, addressType);
    }

    /// <summary>Whether it takes what the runtime knows under this name.</summary>
    public bool Has(string capability) =>
        _json["capabilities"] is JsonObject capabilities
        && capabilities[capability] is JsonValue value
        && value.TryGetValue(out bool isOn)
        && isOn;

    /// <summary>What the plugin reads: its own part, and what the runtime adds to that.</summary>
    public byte[] Request(string network, CniVersion version, JsonObject? runtime, params (string Member, JsonNode? Value)[] more)
    {
        var request = (JsonObject)_json.DeepClone();
        foreach (var member in request.Select(member => member.Key).ToList())
        {
            if (member is "capabilities" or "cniVersions" || member.StartsWith("cni.dev/", StringComparison.Ordinal))
            {
                request.Remove(member);
            }
        }

        request["cniVersion"] = version.ToString();
        request["name"] = network;
        if (runtime is not null && runtime.Where(member => Has(member.Key)).ToList() is { Count: > 0 } wanted)
        {
            request["runtimeConfig"] = new JsonObject(wanted.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        }

        foreach (var (member, value) in more)
        {
            if (value is not null)
            {
                request[member] = value.DeepClone();
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    // A file's name alone: nothing but the directories of the path is searched.
    private static string? TypeOf(JsonObject json) =>
        json["type"] is JsonValue value
        && value.TryGetValue(out string? type)
        && type.Length is > 0 and < 256
        && type is not ("." or "..")
        && !type.Any(letter => letter == '/' || char.IsControl(letter) || char.IsWhiteSpace(letter))
            ? type
            : null;
}

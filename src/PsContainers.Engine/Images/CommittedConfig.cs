using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>The configuration of an image that was made of a container.</summary>
/// <remarks>
/// Edited as JSON and not as records: what the base image says and this engine does not know, such as a health check, stays.
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
/// </remarks>
internal static class CommittedConfig
{
    // What Docker wrote there was about the container that a layer came from.
    private static readonly string[] _ofFormerContainer = ["id", "parent", "container", "container_config"];

    /// <param name="image">The base image's configuration as it came.</param>
    /// <param name="layer">The new layer, uncompressed; null when there is none.</param>
    public static byte[] Write(byte[] image, ContainerSettings settings, ContainerCommit commit, Digest? layer, DateTime now)
    {
        var known = ImageDocument.ReadConfig(image);
        var root = Parse(image);
        foreach (var member in _ofFormerContainer)
        {
            root.Remove(member);
        }

        root["created"] = Time(now);
        if (commit.Author is { Length: > 0 } author)
        {
            root["author"] = author;
        }

        var config = root["config"] as JsonObject ?? [];
        root["config"] = config;
        Apply(config, known.Config ?? new ContainerConfig(), settings, commit);
        AddHistory(root, known, settings, commit, layer is null, now);
        if (layer is { } diffId)
        {
            AddLayer(root, diffId);
        }

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            root.WriteTo(writer);
        }

        return bytes.ToArray();
    }

    private static JsonObject Parse(byte[] image)
    {
        try
        {
            return (JsonObject)ForeignJson.Parse(image)!;
        }
        catch (JsonException e)
        {
            throw new ImageFormatException($"the base image's configuration is not valid: {e.Message}");
        }
    }

    private static void Apply(JsonObject config, ContainerConfig image, ContainerSettings settings, ContainerCommit commit)
    {
        var environment = new EnvironmentList();
        environment.SetAll(settings.Environment);
        foreach (var (name, value) in commit.Environment ?? new Dictionary<string, string>())
        {
            environment.Set(name, value);
        }

        Set(config, "Env", environment.ToList());
        ApplyCommand(config, image, settings, commit);
        ApplyLabels(config, settings, commit);
        SetText(config, "User", commit.User ?? settings.User);
        SetText(
            config,
            "WorkingDir",
            commit.WorkingDirectory ?? (settings.WorkingDirectory == "/" ? image.WorkingDir : settings.WorkingDirectory));
        AddKeys(config, "ExposedPorts", commit.ExposedPorts ?? []);
        AddKeys(config, "Volumes", commit.Volumes ?? []);
        if (commit.StopSignal is { } signal)
        {
            config["StopSignal"] = signal;
        }
        else if (StopSignal.Parse(image.StopSignal) != settings.StopSignal)
        {
            config["StopSignal"] = string.Create(CultureInfo.InvariantCulture, $"{settings.StopSignal}");
        }
    }

    // The store keeps a container's arguments as one list; what the image's entry point is of them stays the entry point.
    private static void ApplyCommand(JsonObject config, ContainerConfig image, ContainerSettings settings, ContainerCommit commit)
    {
        var entrypoint = image.Entrypoint ?? [];
        var hasEntrypoint = settings.Arguments.Take(entrypoint.Count).SequenceEqual(entrypoint);
        Set(config, "Entrypoint", commit.Entrypoint ?? (hasEntrypoint ? entrypoint : []));
        Set(config, "Cmd", (commit.Command, commit.Entrypoint) switch
        {
            ({ } command, _) => command,
            (null, not null) => [],
            _ => hasEntrypoint ? [.. settings.Arguments.Skip(entrypoint.Count)] : settings.Arguments,
        });
    }

    private static void ApplyLabels(JsonObject config, ContainerSettings settings, ContainerCommit commit)
    {
        var labels = new JsonObject();
        foreach (var (key, value) in settings.Labels.Concat(commit.Labels ?? new Dictionary<string, string>()))
        {
            labels[key] = value;
        }

        config.Remove("Labels");
        if (labels.Count > 0)
        {
            config["Labels"] = labels;
        }
    }

    // The steps are counted off against the layers, so that a layer without one gets one first.
    private static void AddHistory(
        JsonObject root, ImageConfig image, ContainerSettings settings, ContainerCommit commit, bool isEmpty, DateTime now)
    {
        var history = new JsonArray();
        foreach (var _ in LayerSteps.Of(image).Where(step => step.History is null))
        {
            history.Add((JsonNode)new JsonObject { ["comment"] = "a layer without history" });
        }

        foreach (var step in root["history"] as JsonArray ?? [])
        {
            history.Add(step?.DeepClone());
        }

        var made = new JsonObject { ["created"] = Time(now), ["created_by"] = string.Join(' ', settings.Arguments) };
        SetText(made, "author", commit.Author);
        SetText(made, "comment", commit.Message);
        if (isEmpty)
        {
            made["empty_layer"] = true;
        }

        history.Add((JsonNode)made);
        root["history"] = history;
    }

    private static void AddLayer(JsonObject root, Digest diffId)
    {
        var rootFileSystem = (JsonObject)root["rootfs"]!;
        var layers = rootFileSystem["diff_ids"] as JsonArray ?? [];
        rootFileSystem["diff_ids"] = layers;
        layers.Add((JsonNode)JsonValue.Create(diffId.ToString())!);
    }

    private static void Set(JsonObject config, string member, IReadOnlyList<string> values)
    {
        config.Remove(member);
        if (values.Count > 0)
        {
            config[member] = new JsonArray([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);
        }
    }

    private static void SetText(JsonObject config, string member, string? text)
    {
        if (text is { Length: > 0 })
        {
            config[member] = text;
        }
    }

    private static void AddKeys(JsonObject config, string member, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        var set = config[member] as JsonObject ?? [];
        config[member] = set;
        foreach (var key in keys)
        {
            set[key] = new JsonObject();
        }
    }

    private static string Time(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}

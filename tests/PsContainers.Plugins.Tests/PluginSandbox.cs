using System.Text.Json.Nodes;

namespace PsContainers.Plugins.Tests;

/// <summary>Plugin folders of a test's own.</summary>
internal sealed class PluginSandbox : IDisposable
{
    private static readonly string _artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../.."));

    internal PluginSandbox()
    {
        Root = Directory.CreateTempSubdirectory("psc-plugins-").FullName;
        Paths = new PluginPaths([First, Second], Path.Combine(Root, "state"), Path.Combine(Root, "run"));
        Directory.CreateDirectory(First);
        Directory.CreateDirectory(Second);
    }

    internal string Root { get; }

    internal string First => Path.Combine(Root, "first");

    internal string Second => Path.Combine(Root, "second");

    internal PluginPaths Paths { get; }

    /// <summary>A <c>plugin.json</c> of an assembly, with other values for some members; null takes one away.</summary>
    internal static JsonObject AssemblyManifest(
        string name, string type = "OddDriver", params (string Member, JsonNode? Value)[] changes) =>
        Changed(
            new JsonObject
            {
                ["name"] = name,
                ["version"] = "1.0.0",
                ["contract"] = "1.0",
                ["kinds"] = new JsonArray("network"),
                ["transport"] = "dotnet",
                ["entry"] = new JsonObject
                {
                    ["assembly"] = "PsContainers.Plugins.Peer.dll",
                    ["type"] = "PsContainers.Plugins.Peer." + type,
                },
                ["timeouts"] = new JsonObject { ["define"] = 0.5, ["attach"] = 0.5 },
            },
            changes);

    /// <summary>A <c>plugin.json</c> of a program.</summary>
    internal static JsonObject ProcessManifest(
        string name, string executable, string protocol = "json-lines", params (string Member, JsonNode? Value)[] changes) =>
        Changed(
            new JsonObject
            {
                ["name"] = name,
                ["version"] = "1.0.0",
                ["contract"] = "1.0",
                ["kinds"] = new JsonArray("network"),
                ["transport"] = "process",
                ["protocol"] = protocol,
                ["entry"] = new JsonObject { ["executable"] = executable },
                ["timeouts"] = new JsonObject { ["define"] = 2, ["plan"] = 2, ["attach"] = 2, ["detach"] = 2 },
            },
            changes);

    /// <summary>Makes a plugin's folder.</summary>
    internal static string Add(string parent, string folder, string manifest)
    {
        var path = Directory.CreateDirectory(Path.Combine(parent, folder)).FullName;
        File.WriteAllText(Path.Combine(path, "plugin.json"), manifest);
        return path;
    }

    /// <summary>Makes the folder of a plugin that is the built peer.</summary>
    internal string AddPeer(JsonObject manifest, string? parent = null)
    {
        var folder = Add(parent ?? First, manifest["name"]!.GetValue<string>(), manifest.ToJsonString());
        CopyBuilt("PsContainers.Plugins.Peer", folder);
        return folder;
    }

    /// <summary>Makes the folder of a plugin that is a script.</summary>
    internal string AddScript(JsonObject manifest, string script)
    {
        var folder = Add(First, manifest["name"]!.GetValue<string>(), manifest.ToJsonString());
        var path = Path.Combine(folder, manifest["entry"]!["executable"]!.GetValue<string>());
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>Copies what a project was built to.</summary>
    internal static void CopyBuilt(string project, string folder)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_artifacts, project, configuration)))
        {
            var copy = Path.Combine(folder, Path.GetFileName(file));
            if (!File.Exists(copy))
            {
                File.Copy(file, copy);
            }
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static JsonObject Changed(JsonObject manifest, (string Member, JsonNode? Value)[] changes)
    {
        foreach (var (member, value) in changes)
        {
            if (value is null)
            {
                manifest.Remove(member);
            }
            else
            {
                manifest[member] = value;
            }
        }

        return manifest;
    }
}

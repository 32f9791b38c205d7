using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Manifests;

/// <summary>Makes a manifest of the JSON in <c>plugin.json</c>.</summary>
internal static class ManifestParser
{
    // In the order of their enums.
    private static readonly string[] _transports = ["dotnet", "process", "cni", "docker-volume"];
    private static readonly string[] _protocols = ["json-lines", "streamjsonrpc"];
    private static readonly string[] _capabilities = ["ports", "upkeep", "mount"];

    /// <exception cref="MismatchException">It has another shape.</exception>
    public static PluginManifest Parse(JsonElement root)
    {
        var members = new JsonMembers(root);
        var manifest = new PluginManifest
        {
            Name = members.Text("name"),
            Version = members.Text("version"),
            Description = members.OptionalText("description"),
            Contract = members.Text("contract"),
            Kinds = members.OptionalTexts("kinds") ?? throw members.Missing("kinds"),
            Transport = members.OneOf("transport", _transports) is var transport and >= 0
                ? (PluginTransport)transport
                : throw members.Missing("transport"),
            Protocol = members.OneOf("protocol", _protocols) is var protocol and >= 0 ? (PluginProtocol)protocol : null,
            Entry = members.OptionalObject("entry") is { } entry ? Entry(entry) : new PluginEntry(),
            Example = members.OptionalObject("example") is { } example ? Example(example) : null,
            Capabilities = members.OptionalList("capabilities", Capability) ?? [],
            Timeouts = members.OptionalObject("timeouts") is { } timeouts ? Timeouts(timeouts) : new PluginTimeouts(),
            IsDefault = members.Flag("isDefault"),
            Environment = members.OptionalDictionary("environment") ?? [],
        };
        members.End();

        // Docker's volumes have to be mounted, all of them.
        return manifest.Transport == PluginTransport.DockerVolume
            ? manifest with { Capabilities = [.. manifest.Capabilities.Append(DriverCapability.Mount).Distinct()] }
            : manifest;
    }

    public static string NameOf(PluginTransport transport) => _transports[(int)transport];

    private static PluginEntry Entry(JsonMembers members)
    {
        var entry = new PluginEntry
        {
            Assembly = members.OptionalText("assembly"),
            Type = members.OptionalText("type"),
            Executable = members.OptionalText("executable"),
            Arguments = members.OptionalTexts("arguments"),
            Configuration = members.OptionalText("configuration"),
            Socket = members.OptionalText("socket"),
        };
        members.End();
        return entry;
    }

    private static DriverExample Example(JsonMembers members)
    {
        var example = new DriverExample
        {
            Subnets = members.OptionalList("subnets", Subnet),
            Interface = members.OptionalText("interface"),
            Vlan = members.OptionalWhole("vlan"),
            Options = members.OptionalDictionary("options"),
        };
        members.End();
        return example;
    }

    private static SubnetDefinition Subnet(JsonElement value, string path)
    {
        var members = new JsonMembers(value, path);
        var subnet = new SubnetDefinition
        {
            Subnet = members.Text("subnet"),
            Gateway = members.OptionalText("gateway"),
            Range = members.OptionalText("range"),
        };
        members.End();
        return subnet;
    }

    private static PluginTimeouts Timeouts(JsonMembers members)
    {
        var usual = new PluginTimeouts();
        var timeouts = new PluginTimeouts
        {
            Start = members.Number("start", usual.Start),
            Define = members.Number("define", usual.Define),
            Plan = members.Number("plan", usual.Plan),
            Attach = members.Number("attach", usual.Attach),
            Detach = members.Number("detach", usual.Detach),
            Publish = members.Number("publish", usual.Publish),
            Check = members.Number("check", usual.Check),
            Repair = members.Number("repair", usual.Repair),
            DefineVolume = members.Number("defineVolume", usual.DefineVolume),
            CreateVolume = members.Number("createVolume", usual.CreateVolume),
            RemoveVolume = members.Number("removeVolume", usual.RemoveVolume),
            MountVolume = members.Number("mountVolume", usual.MountVolume),
            UnmountVolume = members.Number("unmountVolume", usual.UnmountVolume),
        };
        members.End();
        return timeouts;
    }

    private static DriverCapability Capability(JsonElement value, string path) =>
        (DriverCapability)JsonMembers.ChoiceOf(value, path, _capabilities);
}

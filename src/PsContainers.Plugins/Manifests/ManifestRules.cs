using System.Text.RegularExpressions;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Docker;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Manifests;

/// <summary>What must be true of a <c>plugin.json</c> beyond its shape.</summary>
internal static partial class ManifestRules
{
    private const double LongestTimeout = 600;

    private static readonly string _kinds = string.Join(", ", DriverKind.All);

    /// <summary>What a name of a driver is made of.</summary>
    public const string NameWords = "1 to 63 of a-z, 0-9, '-', '_' and '.', a letter or digit first";

    public static bool IsName(string name) => Name().IsMatch(name);

    public static JsonMismatch? FirstBreach(PluginManifest manifest) => Breaches(manifest).FirstOrDefault();

    private static IEnumerable<JsonMismatch> Breaches(PluginManifest manifest) =>
    [
        .. OfIdentity(manifest), .. OfKinds(manifest), .. OfTransport(manifest), .. OfCapabilities(manifest), .. OfEntry(manifest.Entry),
        .. OfSettings(manifest),
    ];

    private static IEnumerable<JsonMismatch> OfIdentity(PluginManifest manifest)
    {
        if (!IsName(manifest.Name))
        {
            yield return new("name", $"\"{Abridged.Of(manifest.Name)}\": use {NameWords}");
        }

        if (!Version().IsMatch(manifest.Version!))
        {
            yield return new("version", $"\"{Abridged.Of(manifest.Version!)}\": use 1 to 64 letters, digits, '.', '-' and '+'");
        }

        if (ContractRange.TryParse(manifest.Contract) is not { } range)
        {
            yield return new("contract", $"\"{Abridged.Of(manifest.Contract)}\": use a version such as 1.0, or a range such as 1.0-2.3");
        }
        else if (range.CommonWith(ContractVersion.Engine) is null)
        {
            yield return new("contract", $"the plugin speaks {manifest.Contract}, this engine {ContractVersion.Engine}");
        }
    }

    private static IEnumerable<JsonMismatch> OfKinds(PluginManifest manifest)
    {
        if (manifest.Kinds.Count == 0)
        {
            yield return new("kinds", $"empty; this engine has: {_kinds}");
        }

        for (var i = 0; i < manifest.Kinds.Count; i++)
        {
            var kind = manifest.Kinds[i];
            if (!DriverKind.All.Contains(kind))
            {
                yield return new($"kinds[{i}]", $"unknown kind \"{Abridged.Of(kind)}\"; this engine has: {_kinds}");
            }
            else if (manifest.Transport == PluginTransport.Cni && kind != DriverKind.Network)
            {
                yield return new($"kinds[{i}]", "programs of CNI have networks only");
            }
            else if (manifest.Transport == PluginTransport.DockerVolume && kind != DriverKind.Volume)
            {
                yield return new($"kinds[{i}]", "Docker's volume plugins have volumes only");
            }
            else if (kind == DriverKind.Volume && !SpeaksOfVolumes(manifest))
            {
                yield return new($"kinds[{i}]", $"volumes need contract {ContractVersion.Volumes}, the plugin speaks {manifest.Contract}");
            }
        }

        for (var i = 0; i < manifest.Capabilities.Count; i++)
        {
            var kind = manifest.Capabilities[i] == DriverCapability.Mount ? DriverKind.Volume : DriverKind.Network;
            if (!manifest.Kinds.Contains(kind))
            {
                yield return new($"capabilities[{i}]", $"only with the kind {kind}");
            }
        }
    }

    private static bool SpeaksOfVolumes(PluginManifest manifest) =>
        ContractRange.TryParse(manifest.Contract)?.CommonWith(ContractVersion.Engine) is { } spoken
        && spoken.CompareTo(ContractVersion.Volumes) >= 0;

    // What each transport needs, and what is of others only.
    private static IEnumerable<JsonMismatch> OfTransport(PluginManifest manifest)
    {
        var entry = manifest.Entry;
        (string Field, object? Value, PluginTransport Transport, bool IsNeeded)[] members =
        [
            ("protocol", manifest.Protocol, PluginTransport.Process, true),
            ("entry.assembly", entry.Assembly, PluginTransport.DotNet, true),
            ("entry.type", entry.Type, PluginTransport.DotNet, true),
            ("entry.executable", entry.Executable, PluginTransport.Process, true),
            ("entry.arguments", entry.Arguments, PluginTransport.Process, false),
            ("entry.configuration", entry.Configuration, PluginTransport.Cni, false),
            ("entry.socket", entry.Socket, PluginTransport.DockerVolume, true),
            ("environment", manifest.Environment.Count > 0 ? manifest.Environment : null, PluginTransport.Process, false),
        ];
        foreach (var (field, value, transport, isNeeded) in members)
        {
            var name = ManifestParser.NameOf(transport);
            if (value is null && isNeeded && transport == manifest.Transport)
            {
                yield return new(field, field == "protocol"
                    ? "missing: a process speaks json-lines or streamjsonrpc"
                    : $"missing: the transport is {name}");
            }
            else if (value is not null && transport != manifest.Transport)
            {
                yield return new(field, $"only with the transport {name}");
            }
        }
    }

    // The programs are told of ports when a container is attached, and never again.
    private static IEnumerable<JsonMismatch> OfCapabilities(PluginManifest manifest)
    {
        if (manifest.Transport == PluginTransport.Cni && manifest.Capabilities.Contains(DriverCapability.Ports))
        {
            yield return new("capabilities", "CNI has no way to change the ports of a container that runs, which ports means");
        }
    }

    private static IEnumerable<JsonMismatch> OfEntry(PluginEntry entry)
    {
        (string Field, string? Path)[] files =
            [("assembly", entry.Assembly), ("executable", entry.Executable), ("configuration", entry.Configuration)];
        foreach (var (field, path) in files)
        {
            if (path is not null && !IsInside(path))
            {
                yield return new($"entry.{field}", $"\"{Abridged.Of(path)}\" is no file inside the plugin's folder");
            }
        }

        if (entry.Socket is { } socket && DockerAddress.TryParse(socket) is null)
        {
            yield return new("entry.socket", $"\"{Abridged.Of(socket)}\" is neither an absolute path nor tcp:// with a host and a port");
        }

        for (var i = 0; i < entry.Arguments?.Count; i++)
        {
            if (entry.Arguments[i].Contains('\0', StringComparison.Ordinal))
            {
                yield return new($"entry.arguments[{i}]", "holds a NUL");
            }
        }
    }

    private static IEnumerable<JsonMismatch> OfSettings(PluginManifest manifest)
    {
        foreach (var (name, seconds) in manifest.Timeouts.All)
        {
            if (seconds is not (> 0 and <= LongestTimeout))
            {
                yield return new($"timeouts.{name}", $"{seconds} is not above 0 and at most {LongestTimeout} seconds");
            }
        }

        foreach (var (name, value) in manifest.Environment)
        {
            if (!Variable().IsMatch(name) || value.Contains('\0', StringComparison.Ordinal))
            {
                yield return new($"environment.{Abridged.Of(name)}", "no name of a variable, or a NUL in its value");
            }
        }
    }

    // A file name or a path down from here: never up, never elsewhere.
    private static bool IsInside(string path) =>
        path.Length is > 0 and < 1024 && !path.Any(char.IsControl) && path.Split('/').All(part => part is not ("" or "." or ".."));

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9.+-]{1,64}\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();
}

using System.Text.RegularExpressions;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Manifests;

/// <summary>What must be true of a <c>plugin.json</c> beyond its shape.</summary>
internal static partial class ManifestRules
{
    private const double LongestTimeout = 600;

    private static readonly string[] _kinds = ["network"];

    public static bool IsName(string name) => Name().IsMatch(name);

    public static JsonMismatch? FirstBreach(PluginManifest manifest) => Breaches(manifest).FirstOrDefault();

    private static IEnumerable<JsonMismatch> Breaches(PluginManifest manifest) =>
        [.. OfIdentity(manifest), .. OfKinds(manifest), .. OfTransport(manifest), .. OfEntry(manifest.Entry), .. OfSettings(manifest)];

    private static IEnumerable<JsonMismatch> OfIdentity(PluginManifest manifest)
    {
        if (!IsName(manifest.Name))
        {
            yield return new(
                "name", $"\"{Abridged.Of(manifest.Name)}\": use 1 to 63 of a-z, 0-9, '-', '_' and '.', a letter or digit first");
        }

        if (!Version().IsMatch(manifest.Version))
        {
            yield return new("version", $"\"{Abridged.Of(manifest.Version)}\": use 1 to 64 letters, digits, '.', '-' and '+'");
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
            yield return new("kinds", $"empty; this engine has: {string.Join(", ", _kinds)}");
        }

        for (var i = 0; i < manifest.Kinds.Count; i++)
        {
            if (!_kinds.Contains(manifest.Kinds[i]))
            {
                yield return new(
                    $"kinds[{i}]", $"unknown kind \"{Abridged.Of(manifest.Kinds[i])}\"; this engine has: {string.Join(", ", _kinds)}");
            }
        }
    }

    private static IEnumerable<JsonMismatch> OfTransport(PluginManifest manifest)
    {
        var entry = manifest.Entry;
        if (manifest.Transport == PluginTransport.Process)
        {
            if (manifest.Protocol is null)
            {
                yield return new("protocol", "missing: a process speaks json-lines or streamjsonrpc");
            }

            if (entry.Executable is null)
            {
                yield return new("entry.executable", "missing: the transport is process");
            }

            if (entry.Assembly is not null || entry.Type is not null)
            {
                yield return new(entry.Assembly is null ? "entry.type" : "entry.assembly", "only with the transport dotnet");
            }

            yield break;
        }

        if (entry.Assembly is null || entry.Type is null)
        {
            yield return new(entry.Assembly is null ? "entry.assembly" : "entry.type", "missing: the transport is dotnet");
        }

        if (manifest.Protocol is not null)
        {
            yield return new("protocol", "only with the transport process");
        }

        if (entry.Executable is not null || entry.Arguments is not null)
        {
            yield return new(entry.Executable is null ? "entry.arguments" : "entry.executable", "only with the transport process");
        }

        if (manifest.Environment.Count > 0)
        {
            yield return new("environment", "only with the transport process");
        }
    }

    private static IEnumerable<JsonMismatch> OfEntry(PluginEntry entry)
    {
        if (entry.Assembly is { } assembly && !IsInside(assembly))
        {
            yield return new("entry.assembly", $"\"{Abridged.Of(assembly)}\" is no file inside the plugin's folder");
        }

        if (entry.Executable is { } executable && !IsInside(executable))
        {
            yield return new("entry.executable", $"\"{Abridged.Of(executable)}\" is no file inside the plugin's folder");
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

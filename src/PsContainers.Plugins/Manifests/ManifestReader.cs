using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Manifests;

/// <summary>Reads a plugin's <c>plugin.json</c>.</summary>
internal static class ManifestReader
{
    public const string FileName = "plugin.json";

    private const int LargestFile = 64 * 1024;

    private static readonly JsonDocumentOptions _strictly = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="DriverException">It can't be used: with the field and the reason.</exception>
    public static PluginFolder Read(string folder)
    {
        FileTrust.CheckFolder(folder);
        FileTrust.CheckFile(folder, FileName);
        var manifest = Parse(Content(folder), System.IO.Path.GetFileName(folder));
        var plugin = new PluginFolder(folder, manifest);
        CheckEntry(plugin);
        return plugin;
    }

    /// <param name="calledSo">What the plugin is called in a message, as long as its own name isn't known.</param>
    public static PluginManifest Parse(ReadOnlyMemory<byte> content, string calledSo)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(content, _strictly);
        }
        catch (JsonException e)
        {
            throw new DriverException(
                $"plugin.json of {calledSo}: not JSON: line {e.LineNumber + 1}: {Abridged.Of(e.Message)}",
                DriverErrorKind.InvalidRequest,
                cause: e);
        }

        using (document)
        {
            var name = NameIn(document.RootElement) ?? calledSo;
            try
            {
                var manifest = ManifestParser.Parse(document.RootElement);
                return ManifestRules.FirstBreach(manifest) is { } breach ? throw Refused(name, breach) : manifest;
            }
            catch (MismatchException e)
            {
                throw Refused(name, e.Mismatch);
            }
        }
    }

    private static byte[] Content(string folder)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        try
        {
            var content = WholeFile.TryRead(path, LargestFile + 1)
                ?? throw new DriverException($"{path}: no such file", DriverErrorKind.InvalidRequest);
            return content.Length <= LargestFile
                ? content
                : throw new DriverException($"{path}: larger than {LargestFile / 1024} KiB", DriverErrorKind.InvalidRequest);
        }
        catch (LinuxException e)
        {
            throw new DriverException($"{path}: {e.Message}", DriverErrorKind.InvalidRequest, cause: e);
        }
    }

    private static void CheckEntry(PluginFolder plugin)
    {
        var entry = plugin.Manifest.Entry;
        var (field, file) = entry switch
        {
            { Assembly: { } assembly } => ("entry.assembly", assembly),
            { Executable: { } executable } => ("entry.executable", executable),
            _ => ("entry.configuration", entry.Configuration),
        };
        if (file is null)
        {
            return; // CNI, where each network names its own; or a socket, which comes and goes with who listens
        }

        var status = FileTrust.CheckFile(plugin.Path, file);
        if (status is null)
        {
            throw Refused(plugin.Manifest.Name, new JsonMismatch(field, $"there is no file \"{file}\" in {plugin.Path}"));
        }

        if (plugin.Manifest.Transport == PluginTransport.Process && (status.Value.Mode & 0x40) == 0) // S_IXUSR
        {
            throw Refused(plugin.Manifest.Name, new JsonMismatch(field, $"{plugin.EntryPath} is not executable"));
        }
    }

    // A name that is fit for a message, whatever else is wrong.
    private static string? NameIn(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
        && ManifestRules.IsName(name.GetString()!)
            ? name.GetString()
            : null;

    private static DriverException Refused(string plugin, JsonMismatch mismatch) => new(
        $"plugin.json of {plugin}: {mismatch}",
        mismatch.Field == "contract" ? DriverErrorKind.Unsupported : DriverErrorKind.InvalidRequest,
        mismatch.Field);
}

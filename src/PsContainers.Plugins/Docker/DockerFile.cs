using System.Text;
using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Docker;

/// <summary>What Docker finds a plugin by: its socket, or a file that says where it listens. Its name is the plugin's.</summary>
/// <remarks>https://docs.docker.com/engine/extend/plugin_api/#plugin-discovery</remarks>
internal static class DockerFile
{
    public const string SocketExtension = ".sock";

    private const int LargestFile = 64 * 1024;

    /// <summary>In the order in which Docker looks for them.</summary>
    public static IReadOnlyList<string> SpecExtensions { get; } = [".spec", ".json"];

    public static bool IsNamedSo(string path) =>
        Path.GetExtension(path) is var extension && (extension == SocketExtension || SpecExtensions.Contains(extension));

    public static string NameIn(string path) => Path.GetFileNameWithoutExtension(path);

    /// <exception cref="DriverException">Somebody else than root could take its place.</exception>
    public static void CheckTrust(string path)
    {
        FileTrust.CheckFolder(Path.GetDirectoryName(path)!);
        if (Path.GetExtension(path) == SocketExtension)
        {
            FileTrust.CheckSocket(path);
        }
        else
        {
            FileTrust.CheckFile(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        }
    }

    /// <summary>The plugin as if it had a <c>plugin.json</c>. What it really is, only its answer to the first call tells.</summary>
    /// <exception cref="DriverException">It can't be used.</exception>
    public static PluginFolder Read(string path)
    {
        CheckTrust(path);
        var name = NameIn(path);
        if (!ManifestRules.IsName(name))
        {
            throw Refused(path, $"\"{Abridged.Of(name)}\" can't be the name of a driver, which is {ManifestRules.NameWords}");
        }

        var address = Path.GetExtension(path) == SocketExtension ? DockerAddress.TryParse(path)! : Address(path);
        return new PluginFolder(path, new PluginManifest
        {
            Name = name,
            Version = null,
            Contract = ContractVersion.Volumes.ToString(),
            Kinds = [DriverKind.Volume],
            Transport = PluginTransport.DockerVolume,
            Entry = new PluginEntry { Socket = address.ToString() },
            Capabilities = [DriverCapability.Mount],
        });
    }

    private static DockerAddress Address(string path)
    {
        var content = Content(path);
        var text = Path.GetExtension(path) == ".json" ? AddressInJson(path, content) : Encoding.UTF8.GetString(content).Trim();
        return DockerAddress.TryParse(text)
            ?? throw Refused(path, $"\"{Abridged.Of(text)}\" is neither unix:// and a path nor tcp:// with a host and a port");
    }

    private static byte[] Content(string path)
    {
        try
        {
            var content = WholeFile.TryRead(path, LargestFile + 1) ?? throw Refused(path, "no such file");
            return content.Length <= LargestFile ? content : throw Refused(path, $"larger than {LargestFile / 1024} KiB");
        }
        catch (LinuxException e)
        {
            throw Refused(path, e.Message, e);
        }
    }

    private static string AddressInJson(string path, byte[] content)
    {
        DockerSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize(content, DockerJson.Default.DockerSpec);
        }
        catch (JsonException e)
        {
            throw Refused(path, $"not JSON as it should be: {Abridged.Of(e.Message)}", e);
        }

        return spec?.TlsConfig is { ValueKind: not JsonValueKind.Null }
            ? throw Refused(path, "TLSConfig: a plugin that wants TLS can't be spoken to")
            : spec?.Addr ?? throw Refused(path, "Addr: missing");
    }

    private static DriverException Refused(string path, string reason, Exception? cause = null) =>
        new($"{path}: {reason}", DriverErrorKind.InvalidRequest, cause: cause);
}

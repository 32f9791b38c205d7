using System.Text;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Cni;

/// <summary>A network of CNI: its list of plugins, and where they are.</summary>
internal sealed record CniNetwork(NetworkList List, ProgramPath Path, string? File)
{
    private const int LargestFile = 64 * 1024;

    /// <summary>What a user wants, or what the plugin's folder says.</summary>
    public static CniNetwork Wanted(NetworkDefinition network, PluginFolder plugin)
    {
        var options = CniOptions.Parse(network.Options);
        var own = plugin.ConfigurationPath;
        if (own is not null && options is { ConfigurationFile: { } other, ListText: null } && other != own)
        {
            throw new DriverException(
                $"driver {plugin.Manifest.Name} brings its own configuration: option {CniOptions.Configuration} is not for it",
                DriverErrorKind.InvalidRequest,
                $"options.{CniOptions.Configuration}");
        }

        var path = ProgramPath.Of(options.ProgramPath, own is null ? null : plugin.Path, $"options.{CniOptions.Path}");
        if (options.ListText is { } text)
        {
            return new(Parse(text, network), path, options.ConfigurationFile);
        }

        var file = own ?? options.ConfigurationFile ?? throw new DriverException(
            $"a network of driver {plugin.Manifest.Name} needs option {CniOptions.Configuration}: a file such as "
                + "/etc/cni/net.d/10-blue.conflist",
            DriverErrorKind.InvalidRequest,
            $"options.{CniOptions.Configuration}");
        return new(Read(file), path, file);
    }

    /// <summary>One that this driver has defined.</summary>
    public static CniNetwork Defined(NetworkDefinition network)
    {
        var options = CniOptions.Parse(network.Options);
        return options is { ListText: { } text, ProgramPath: { } path }
            ? new(Parse(text, network), ProgramPath.Kept(path), options.ConfigurationFile)
            : throw new DriverException(
                $"network {network.Name} has no CNI configuration: it was not defined by this driver",
                DriverErrorKind.InvalidRequest,
                "network.options");
    }

    /// <summary>CNI's name of another network; null when that is none of CNI.</summary>
    public static string? NameOf(NetworkDefinition network)
    {
        try
        {
            return network.Options.GetValueOrDefault(CniOptions.List) is { } text ? Parse(text, network).Name : null;
        }
        catch (DriverException)
        {
            return null; // another driver's option of this name
        }
    }

    /// <summary>What is kept of it in the network's options.</summary>
    public Dictionary<string, string> ToOptions(CniVersion version)
    {
        var options = new Dictionary<string, string>
        {
            [CniOptions.Path] = Path.ToString(),
            [CniOptions.List] = List.ToText(version),
        };
        if (File is not null)
        {
            options[CniOptions.Configuration] = File;
        }

        return options;
    }

    private static NetworkList Parse(string text, NetworkDefinition network) => NetworkList.Parse(
        Encoding.UTF8.GetBytes(text), $"CNI configuration of network {network.Name}", $"options.{CniOptions.List}");

    private static NetworkList Read(string file)
    {
        const string field = $"options.{CniOptions.Configuration}";
        if (!file.StartsWith('/'))
        {
            throw new DriverException($"CNI configuration {file} is not an absolute path", DriverErrorKind.InvalidRequest, field);
        }

        try
        {
            FileTrust.CheckFile(System.IO.Path.GetDirectoryName(file)!, System.IO.Path.GetFileName(file));
            var content = WholeFile.TryRead(file, LargestFile + 1)
                ?? throw new DriverException($"CNI configuration {file}: no such file", DriverErrorKind.InvalidRequest, field);
            return content.Length <= LargestFile
                ? NetworkList.Parse(content, $"CNI configuration {file}", field)
                : throw new DriverException(
                    $"CNI configuration {file}: larger than {LargestFile / 1024} KiB", DriverErrorKind.InvalidRequest, field);
        }
        catch (LinuxException e)
        {
            throw new DriverException($"CNI configuration {file}: {e.Message}", DriverErrorKind.InvalidRequest, field, e);
        }
    }
}

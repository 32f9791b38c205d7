using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;
using PsContainers.Oci.Runtime.Reading;
using PsContainers.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>A bundle's config.json.</summary>
internal static class Configuration
{
    private const int MaximumBytes = 16 << 20;

    /// <exception cref="InvalidSettingException">It is missing, too long, or not what the specification calls a configuration.</exception>
    internal static RuntimeSpec Read(string bundle, out byte[] content)
    {
        var path = Path.Join(bundle, "config.json");
        content = ReadBounded(path);
        return Parse(content, path, RuntimeSpecReader.Read);
    }

    /// <param name="read">Reads all of it, or a part that has the version.</param>
    internal static RuntimeSpec Parse(ReadOnlySpan<byte> content, string path, Func<ReadOnlySpan<byte>, RuntimeSpec> read)
    {
        try
        {
            var spec = read(content);
            CheckVersion(spec.OciVersion);
            return spec;
        }
        catch (JsonException e)
        {
            throw new InvalidSettingException(path, e.Message);
        }
    }

    /// <summary>What the specification asks of `process` whoever runs it.</summary>
    internal static void Check(ProcessSpec? process)
    {
        if (process is not null && !process.Cwd.StartsWith('/'))
        {
            throw new InvalidSettingException("process.cwd", $"'{process.Cwd}' is not an absolute path");
        }
    }

    /// <summary>Reads a file that a caller named, or stdin for `-`.</summary>
    internal static byte[] ReadBounded(string path)
    {
        var content = path == "-"
            ? WholeFile.ReadStandardInput(MaximumBytes + 1)
            : WholeFile.TryRead(path, MaximumBytes + 1) ?? throw new InvalidSettingException(path, "no such file");
        return content.Length <= MaximumBytes ? content : throw new InvalidSettingException(path, $"larger than {MaximumBytes} bytes");
    }

    // SemVer: what a later major version means cannot be known.
    private static void CheckVersion(string version)
    {
        if (!version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new InvalidSettingException("ociVersion", $"'{version}' is not a version 1 of the runtime specification");
        }
    }
}

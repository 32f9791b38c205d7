using System.Text.Json;
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
        return Parse(content, path);
    }

    internal static RuntimeSpec Parse(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var spec = RuntimeSpecReader.Read(content);
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
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            var buffer = new MemoryStream();
            var chunk = new byte[64 * 1024];
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length > MaximumBytes)
                {
                    throw new InvalidSettingException(path, $"larger than {MaximumBytes} bytes");
                }
            }

            return buffer.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidSettingException(path, "no such file");
        }
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

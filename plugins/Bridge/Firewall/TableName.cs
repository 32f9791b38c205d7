using System.Security.Cryptography;
using System.Text;

namespace PsContainers.Bridge.Firewall;

/// <summary>What an engine's table is called: those of two engines on one host, which know nothing of each other, are two.</summary>
internal static class TableName
{
    internal const string Family = "inet";

    /// <summary>The name of the system's engine; that of another one goes on with a dash and its tag.</summary>
    internal const string OfSystem = "pscontainers";

    private const string RunDirectoryOfSystem = "/run/pscontainers/plugins/bridge";
    private const int TagBytes = 4;

    /// <summary>The name for an engine's driver whose records are in this folder, with the family.</summary>
    internal static string Of(string runDirectory)
    {
        var place = Real(Path.TrimEndingDirectorySeparator(Path.GetFullPath(runDirectory)));
        return place == RunDirectoryOfSystem
            ? $"{Family} {OfSystem}"
            : $"{Family} {OfSystem}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)).AsSpan(0, TagBytes))}";
    }

    /// <summary>Whether a name is that of some engine's table.</summary>
    internal static bool IsOfEngine(string name) => name == OfSystem || name.StartsWith(OfSystem + "-", StringComparison.Ordinal);

    // One name for one folder, whatever links lead there: /var/run is one to /run.
    private static string Real(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var here = Path.Join(Real(parent), Path.GetFileName(path));
        return new DirectoryInfo(here).LinkTarget is { } target ? Real(Path.GetFullPath(target, Path.GetDirectoryName(here)!)) : here;
    }
}

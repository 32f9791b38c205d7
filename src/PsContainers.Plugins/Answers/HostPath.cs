using System.Text;

namespace PsContainers.Plugins.Answers;

/// <summary>Paths of this host as the contract writes them: absolute, and each directory in one way only.</summary>
internal static class HostPath
{
    private const int Longest = 4096; // PATH_MAX

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? Breach(string path) => path switch
    {
        _ when Encoding.UTF8.GetByteCount(path) > Longest => $"longer than {Longest} bytes",
        "/" => "all of the host",
        _ when path.Contains('\0', StringComparison.Ordinal) => "holds a NUL",
        _ when !path.StartsWith('/') => "not an absolute path",
        _ => path[1..].Split('/').Any(part => part is "" or "." or "..") ? "has a part that is empty, '.' or '..'" : null,
    };
}

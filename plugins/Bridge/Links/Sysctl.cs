using System.Text;

namespace PsContainers.Bridge.Links;

/// <summary>The kernel's network settings, of the calling thread's namespace. https://docs.kernel.org/networking/ip-sysctl.html</summary>
internal static class Sysctl
{
    private const string Root = "/proc/sys/net";

    internal const string IPv4Forwarding = "ipv4/ip_forward";
    internal const string IPv6Forwarding = "ipv6/conf/all/forwarding";

    /// <summary>Null when this kernel has no such setting, as those of IPv6 where it is switched off.</summary>
    internal static string? TryRead(string name)
    {
        var path = $"{Root}/{name}";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    /// <summary>False when this kernel has no such setting.</summary>
    internal static bool TryWrite(string name, string value)
    {
        var path = $"{Root}/{name}";
        if (!File.Exists(path))
        {
            return false;
        }

        // In one call, which is what makes one value of it for the kernel.
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(value), 0);
        return true;
    }

    /// <summary>The names of all links that have settings of IPv6.</summary>
    internal static IReadOnlyList<string> LinksWithIPv6()
    {
        const string folder = $"{Root}/ipv6/conf";
        return Directory.Exists(folder)
            ?
            [
                .. Directory.EnumerateDirectories(folder)
                    .Select(path => Path.GetFileName(path))
                    .Where(name => name is not ("all" or "default")),
            ]
            : [];
    }
}

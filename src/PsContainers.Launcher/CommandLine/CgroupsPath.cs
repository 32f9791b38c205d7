using PsContainers.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>linux.cgroupsPath as a path below each hierarchy.</summary>
internal static class CgroupsPath
{
    private const string Parent = "/psc-runtime";

    /// <param name="isSystemd">
    /// The path is SLICE:PREFIX:NAME; the scope is made where systemd would make it: a-b.slice lies in a.slice. systemd.slice(5)
    /// </param>
    internal static string Of(string? path, string id, bool isSystemd)
    {
        if (string.IsNullOrEmpty(path))
        {
            return $"{Parent}/{id}";
        }

        if (isSystemd && path.Split(':') is [var slice, var prefix, var name])
        {
            return $"{Slice(slice)}/{(prefix.Length == 0 ? name : $"{prefix}-{name}")}.scope";
        }

        // A relative path is below a place of the runtime's choice: config-linux.md, "Cgroups Path".
        return path[0] == '/' ? path : $"{Parent}/{path}";
    }

    private static string Slice(string slice)
    {
        var name = slice.Length == 0 ? "system.slice" : slice;
        if (name == "-.slice")
        {
            return "";
        }

        if (!name.EndsWith(".slice", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
        {
            throw new InvalidSettingException("linux.cgroupsPath", $"'{name}' is no name of a slice");
        }

        var path = "";
        var parts = name[..^".slice".Length].Split('-');
        for (var i = 1; i <= parts.Length; i++)
        {
            path += $"/{string.Join('-', parts[..i])}.slice";
        }

        return path;
    }
}

using PsContainers.Runtime;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Launcher.CommandLine;

/// <summary>linux.cgroupsPath as a path below each hierarchy.</summary>
/// <param name="Scope">The unit that systemd calls the group, where the path was given in its words.</param>
internal sealed record CgroupsPath(string Path, SystemdScope? Scope)
{
    private const string Parent = "/psc-runtime";

    /// <param name="isSystemd">
    /// The path is SLICE:PREFIX:NAME; the scope is where systemd makes it: a-b.slice lies in a.slice. systemd.slice(5)
    /// </param>
    internal static CgroupsPath Of(string? path, string id, bool isSystemd)
    {
        if (string.IsNullOrEmpty(path))
        {
            return new CgroupsPath($"{Parent}/{id}", null);
        }

        if (isSystemd && path.Split(':') is [var slice, var prefix, var name])
        {
            var scope = new SystemdScope(
                $"{(prefix.Length == 0 ? name : $"{prefix}-{name}")}.scope", slice.Length == 0 ? "system.slice" : slice);
            return new CgroupsPath($"{Folder(scope.Slice)}/{scope.Name}", scope);
        }

        // A relative path is below a place of the runtime's choice: config-linux.md, "Cgroups Path".
        return new CgroupsPath(path[0] == '/' ? path : $"{Parent}/{path}", null);
    }

    private static string Folder(string name)
    {
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

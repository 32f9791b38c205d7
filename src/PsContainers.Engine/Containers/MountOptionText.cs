using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>Mounts as the runtime specification writes them.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-mount-options</remarks>
internal static class MountOptionText
{
    private const int DefaultTmpfsMode = 0x3ff; // 1777

    public static Mount Bind(ContainerMount mount, string source, bool mapsIds)
    {
        var isRecursive = mount.BindRecursive != "disabled";
        List<string> options = [isRecursive ? "rbind" : "bind", mount.Propagation ?? "rprivate"];
        if (mount.ReadOnly)
        {
            options.Add(mount.BindRecursive is "disabled" or "writable" ? "ro" : "rro");
        }

        if (mapsIds)
        {
            options.Add(isRecursive ? "ridmap" : "idmap");
        }

        return new Mount(mount.Target, "bind", source, [.. options, .. Restrictions(mount, byDefault: false)]) { Subpath = mount.Subpath };
    }

    public static Mount Tmpfs(ContainerMount mount)
    {
        var mode = Convert.ToString(mount.Mode ?? DefaultTmpfsMode, 8);
        List<string> options = [.. Restrictions(mount, byDefault: true), $"mode={mode}"];
        if (mount.Size is { } size)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"size={size}"));
        }

        return new Mount(mount.Target, "tmpfs", "tmpfs", mount.ReadOnly ? [.. options, "ro"] : options);
    }

    /// <summary>devpts(5): terminals that only this mount has.</summary>
    public static Mount DevPts(ContainerMount mount) =>
        new(mount.Target, "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]);

    /// <param name="layers">The topmost first.</param>
    /// <param name="empty">A folder with nothing in it.</param>
    /// <param name="mapsIds">The container has other users than the host: the launcher maps the ids of the layers for a part only.</param>
    public static Mount Overlay(ContainerMount mount, IReadOnlyList<string> layers, string empty, bool mapsIds)
    {
        var lower = string.Join(':', layers.Append(empty).Select(Escape));
        return new Mount(mount.Target, "overlay", "overlay", ["ro", .. Restrictions(mount, byDefault: false), $"lowerdir={lower}"])
        {
            Subpath = mount.Subpath ?? (mapsIds ? "." : null),
        };
    }

    private static IEnumerable<string> Restrictions(ContainerMount mount, bool byDefault)
    {
        (bool? Given, string Word)[] all = [(mount.NoSuid, "nosuid"), (mount.NoDev, "nodev"), (mount.NoExec, "noexec")];
        return all.Where(one => one.Given ?? byDefault).Select(one => one.Word);
    }

    private static string Escape(string path) => path
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal);
}

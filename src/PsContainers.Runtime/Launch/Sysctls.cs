using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>linux.sysctl: kernel parameters that belong to one of the container's own namespaces, and no others.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#sysctl, sysctl(8)</remarks>
internal static class Sysctls
{
    private static readonly HashSet<string> _ipc =
    [
        "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall", "kernel/shmmax", "kernel/shmmni",
        "kernel/shm_rmid_forced",
    ];

    internal static IEnumerable<LaunchStep> Build(RuntimeSpec spec)
    {
        var seen = new HashSet<string>();
        foreach (var (name, value) in spec.Linux?.Sysctl ?? new Dictionary<string, string>())
        {
            var setting = $"linux.sysctl.{name}";
            var path = Path(name, setting);
            if (!seen.Add(path))
            {
                throw new InvalidSettingException(setting, "stands in the list twice, once with dots and once with slashes");
            }

            CheckNamespace(spec, path, setting);
            if (value is null)
            {
                throw new InvalidSettingException(setting, "has no value");
            }

            yield return new WriteProcFile(setting, $"sys/{path}", value);
        }
    }

    // sysctl(8): the first separator tells which of the two it is, and the other then stands for itself: net.ipv4.conf.eth0/1.forwarding.
    private static string Path(string name, string setting)
    {
        var first = name.IndexOfAny(['.', '/']);
        var path = first >= 0 && name[first] == '.' ? string.Concat(name.Select(Swap)) : name;
        return path.Split('/').All(part => part is not ("" or "." or ".."))
            ? path
            : throw new InvalidSettingException(setting, $"'{name}' is not the name of a kernel parameter");
    }

    private static char Swap(char separator) => separator switch
    {
        '.' => '/',
        '/' => '.',
        var other => other,
    };

    private static void CheckNamespace(RuntimeSpec spec, string path, string setting)
    {
        if (path is "kernel/hostname" || (path is "kernel/domainname" && spec.Domainname is { Length: > 0 }))
        {
            throw new InvalidSettingException(setting, $"there is a member {path[7..]} for it");
        }

        var needed = path switch
        {
            _ when _ipc.Contains(path) || path.StartsWith("fs/mqueue/", StringComparison.Ordinal) => LinuxNamespaceType.Ipc,
            _ when path.StartsWith("net/", StringComparison.Ordinal) => LinuxNamespaceType.Network,
            _ when path.StartsWith("user/", StringComparison.Ordinal) => LinuxNamespaceType.User,
            "kernel/domainname" => LinuxNamespaceType.Uts,
            _ => throw new InvalidSettingException(setting, "belongs to no namespace: setting it would change the host"),
        };
        if (!OwnNamespace.Has(spec, needed))
        {
            var word = needed.ToString().ToLowerInvariant();
            throw new InvalidSettingException(setting, $"needs a {word} namespace of the container's own in linux.namespaces");
        }
    }
}
